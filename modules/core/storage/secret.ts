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

/**
 * A value that ECS reads when it starts a container and puts into its environment. Only its address is written into
 * the task definition, never the value.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
export class Secret {
  /** A secret of Secrets Manager, by its full ARN. */
  public static fromSecretsManager(secretArn: string, options: SecretsManagerOptions = {}): Secret {
    const suffix = options.jsonKey === undefined ? "" : `:${options.jsonKey}::`;
    return new Secret("secretsmanager", secretArn, suffix, options.kmsKeyArn);
  }

  /** A parameter of Systems Manager's Parameter Store, by its ARN. */
  public static fromSsmParameter(parameterArn: string, options: SsmParameterOptions = {}): Secret {
    return new Secret("ssm", parameterArn, "", options.kmsKeyArn);
  }

  private constructor(
    private readonly service: keyof typeof READING,
    private readonly arn: string,
    private readonly suffix: string,
    private readonly kmsKeyArn: string | undefined,
  ) {}

  /** Lets the execution role read the value and returns what the task definition refers to it by. */
  public bind(scope: Construct, property: string, executionRole: IGrantee): string {
    const { sid, action } = READING[this.service];
    this.checkArn(scope, property);
    check(scope, `${property} kmsKeyArn`, this.kmsKeyArn, isKeyArn, secrets.keyArn);
    executionRole.grant({ sid, actions: [action], resources: [this.arn] }, scope);
    if (this.kmsKeyArn !== undefined) {
      executionRole.grant(
        { sid: "DecryptSecrets", actions: ["kms:Decrypt"], resources: [this.kmsKeyArn] },
        scope,
      );
    }
    return `${this.arn}${this.suffix}`;
  }

  private checkArn(scope: Construct, property: string): void {
    if (Token.isUnresolved(this.arn)) return;
    // what was given may be the secret itself
    const given = (value: string): Given => ({ scope, property, value: `${value}, which is not shown` });
    if (!new RegExp(`^arn:[^:]+:${this.service}:[^:]*:[^:]*:[^:]+(?::[^:]+)?$`).test(this.arn)) {
      const allowed = `${secrets.arn.allowed}, for example ${READING[this.service].example}`;
      refuse(given("something else"), { ...secrets.arn, allowed });
    } else if (this.service === "secretsmanager" && !/-[A-Za-z0-9]{6}$/.test(this.arn)) {
      warn(given("an ARN without its end"), secrets.arnSuffix);
    }
  }
}
