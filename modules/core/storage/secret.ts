import type { Construct } from "constructs";
import { Token } from "cdktf";
import { secrets } from "../../rules/secrets";
import { check, refuse, type Given } from "../framework/check";
import { warn } from "../framework/warnings";
import type { IGrantee } from "../iam/ecs-tasks-role";
import { isKeyArn } from "./key-arn";

/** How a secret of Secrets Manager is read. */
export interface SecretsManagerOptions {
  /** Takes one value of a secret that is a JSON object. @default - the whole secret */
  readonly jsonKey?: string;
  /** Staging label of the version that is read. Not beside `versionId`. @default "AWSCURRENT" */
  readonly versionStage?: string;
  /** Id of the version that is read, which then never changes. Not beside `versionStage`. @default - the current one */
  readonly versionId?: string;
  /** ARN of the customer managed KMS key of the secret. @default - encrypted with AWS's own key */
  readonly kmsKeyArn?: string;
}

/** How a parameter of the Parameter Store is read. */
export interface SsmParameterOptions {
  /** ARN of the customer managed KMS key of the parameter. @default - encrypted with AWS's own key */
  readonly kmsKeyArn?: string;
}

/** What reading a value takes, by the service that holds it. */
const READING = {
  secretsmanager: {
    sid: "ReadSecrets",
    action: "secretsmanager:GetSecretValue",
    example: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:stock-db-AbCdEf",
  },
  ssm: {
    sid: "ReadParameters",
    action: "ssm:GetParameters",
    example: "arn:aws:ssm:eu-central-1:123456789012:parameter/stock/db",
  },
} as const;

/** What a task definition refers to a part of a secret by: `<arn>:<key>:<stage>:<id>`. */
const VALUE_FROM = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+(?::[^:]*){3}$/;
const IN_PARTS = {
  allowed: "the ARN of the secret alone, which ends with a hyphen and six characters",
  mend: "give what stands behind the ARN by name: `Secret.fromSecretsManager(arn, { jsonKey, versionStage, versionId })`",
};

/**
 * A value that ECS reads when it starts a container and puts into its environment. Only its address is written into
 * the task definition, never the value.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
export class Secret {
  /** A secret of Secrets Manager, by its full ARN. */
  public static fromSecretsManager(secretArn: string, options: SecretsManagerOptions = {}): Secret {
    return new Secret("secretsmanager", secretArn, options);
  }

  /** A parameter of Systems Manager's Parameter Store, by its ARN. */
  public static fromSsmParameter(parameterArn: string, options: SsmParameterOptions = {}): Secret {
    return new Secret("ssm", parameterArn, options);
  }

  private constructor(
    private readonly service: keyof typeof READING,
    private readonly arn: string,
    private readonly options: SecretsManagerOptions,
  ) {}

  /** Lets the execution role read the value and returns what the task definition refers to it by. */
  public bind(scope: Construct, property: string, executionRole: IGrantee): string {
    const { sid, action } = READING[this.service];
    const { kmsKeyArn } = this.options;
    this.checkArn(scope, property);
    this.checkParts(scope, property);
    check(scope, `${property} kmsKeyArn`, kmsKeyArn, isKeyArn, secrets.keyArn);
    executionRole.grant({ sid, actions: [action], resources: [this.arn] }, scope);
    if (kmsKeyArn !== undefined) {
      executionRole.grant({ sid: "DecryptSecrets", actions: ["kms:Decrypt"], resources: [kmsKeyArn] }, scope);
    }
    const { jsonKey = "", versionStage = "", versionId = "" } = this.options;
    const parts = [jsonKey, versionStage, versionId];
    return parts.every((part) => part === "") ? this.arn : [this.arn, ...parts].join(":");
  }

  private checkParts(scope: Construct, property: string): void {
    const { jsonKey, versionStage, versionId } = this.options;
    for (const [part, value] of Object.entries({ jsonKey, versionStage, versionId })) {
      const isPart = (text: string): boolean => text !== "" && !text.includes(":");
      check(scope, `${property} ${part}`, value, isPart, secrets.part);
    }
    check(scope, `${property} versionId`, versionId, () => versionStage === undefined, secrets.version);
  }

  private checkArn(scope: Construct, property: string): void {
    if (Token.isUnresolved(this.arn)) return;
    // what was given may be the secret itself
    const given = (value: string): Given => ({ scope, property, value: `${value}, which is not shown` });
    if (!new RegExp(`^arn:[^:]+:${this.service}:[^:]*:[^:]*:[^:]+(?::[^:]+)?$`).test(this.arn)) {
      const allowed = `${secrets.arn.allowed}, for example ${READING[this.service].example}`;
      const isReference = this.service === "secretsmanager" && VALUE_FROM.test(this.arn);
      if (isReference)
        refuse(given("an ARN with a key or a version behind it"), { ...secrets.arn, ...IN_PARTS });
      else refuse(given("something else"), { ...secrets.arn, allowed });
    } else if (this.service === "secretsmanager" && !/-[A-Za-z0-9]{6}$/.test(this.arn)) {
      warn(given("an ARN without its end"), secrets.arnSuffix);
    }
  }
}
