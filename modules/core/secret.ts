import type { Construct } from "constructs";
import { check } from "./check";
import type { IGrantee } from "./ecs-tasks-role";

export interface SecretsManagerOptions {
  /** Takes one value of a secret that is a JSON object. @default - the whole secret */
  readonly jsonKey?: string;
  /** ARN of the customer managed KMS key of the secret. @default - encrypted with AWS's own key */
  readonly kmsKeyArn?: string;
}

export interface SsmParameterOptions {
  /** ARN of the customer managed KMS key of the parameter. @default - encrypted with AWS's own key */
  readonly kmsKeyArn?: string;
}

const SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html";

/**
 * A value that ECS reads when it starts a container and puts into its environment. Only its address is written into
 * the task definition, never the value.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
export class Secret {
  /** A secret of Secrets Manager, by its full ARN. */
  public static fromSecretsManager(secretArn: string, options: SecretsManagerOptions = {}): Secret {
    const suffix = options.jsonKey === undefined ? "" : `:${options.jsonKey}::`;
    return new Secret(
      secretArn,
      `${secretArn}${suffix}`,
      "ReadSecrets",
      "secretsmanager:GetSecretValue",
      options.kmsKeyArn,
    );
  }

  /** A parameter of Systems Manager's Parameter Store, by its ARN. */
  public static fromSsmParameter(parameterArn: string, options: SsmParameterOptions = {}): Secret {
    return new Secret(parameterArn, parameterArn, "ReadParameters", "ssm:GetParameters", options.kmsKeyArn);
  }

  private constructor(
    private readonly resourceArn: string,
    private readonly valueFrom: string,
    private readonly sid: string,
    private readonly action: string,
    private readonly kmsKeyArn: string | undefined,
  ) {}

  /**
   * Lets the execution role read the value and returns what the task definition refers to it by.
   * @throws InvalidInputError for something that is no ARN
   */
  public bind(scope: Construct, property: string, executionRole: IGrantee): string {
    check(scope, property, this.resourceArn, (arn) => /^arn:[^:]+:(secretsmanager|ssm):/.test(arn), {
      allowed: "the full ARN of a Secrets Manager secret or of an SSM parameter",
      mend: "pass the `arn` of the secret; never put its value here",
      source: SOURCE,
    });
    executionRole.grant({ sid: this.sid, actions: [this.action], resources: [this.resourceArn] });
    if (this.kmsKeyArn !== undefined) {
      executionRole.grant({ sid: "DecryptSecrets", actions: ["kms:Decrypt"], resources: [this.kmsKeyArn] });
    }
    return this.valueFrom;
  }
}
