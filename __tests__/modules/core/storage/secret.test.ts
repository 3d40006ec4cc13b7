import { Iam } from "../../../../modules/core/iam/iam";
import { Secret } from "../../../../modules/core/storage/secret";
import { refusalOf, stackOf, variable } from "../../stack-of";

const SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf";
const PARAMETER = "arn:aws:ssm:eu-central-1:123456789012:parameter/db/password";
const KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** What the task definition refers to the secret by, and what the execution role was granted. */
function bound(...secrets: Secret[]): { valueFrom: string[]; statements: unknown } {
  let valueFrom: string[] = [];
  const stack = stackOf((stack) => {
    const role = new Iam(stack, "iam");
    valueFrom = secrets.map((secret) => secret.bind(stack, "secrets.DB", role));
  });
  const policy = stack.json("aws_iam_role_policy.ecs_task_execution_role", "policy");
  return { valueFrom, statements: (policy as { Statement: unknown }).Statement };
}

describe("a secret of Secrets Manager", () => {
  test("is referred to by its ARN, and the role may read this one and no other", () => {
    expect(bound(Secret.fromSecretsManager(SECRET))).toEqual({
      valueFrom: [SECRET],
      statements: [
        { Sid: "ReadSecrets", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: SECRET },
      ],
    });
  });

  test("may be one value of a JSON object; the permission is still for the bare ARN", () => {
    const { valueFrom, statements } = bound(Secret.fromSecretsManager(SECRET, { jsonKey: "password" }));
    expect(valueFrom).toEqual([`${SECRET}:password::`]);
    expect(statements).toMatchObject([{ Resource: SECRET }]);
  });

  test("may be one version of a value, by its staging label or by its id", () => {
    const { valueFrom } = bound(
      Secret.fromSecretsManager(SECRET, { jsonKey: "password", versionStage: "AWSPREVIOUS" }),
      Secret.fromSecretsManager(SECRET, { versionId: "7c3e" }),
    );
    expect(valueFrom).toEqual([`${SECRET}:password:AWSPREVIOUS:`, `${SECRET}:::7c3e`]);
  });

  test("is rejected as AWS's pages write it for a key, with the name of the property for the key", () => {
    const message = refusalOf((stack) => {
      Secret.fromSecretsManager(`${SECRET}:user::`).bind(stack, "secrets.R", new Iam(stack, "iam"));
    });
    expect(message).toMatch(/secrets\.R is "an ARN with a key or a version behind it, which is not shown"/);
    expect(message).toContain("fromSecretsManager(arn, { jsonKey, versionStage, versionId })");
    expect(message).not.toContain("user");
  });

  test("with a key of the customer's may be decrypted with that key only", () => {
    expect(bound(Secret.fromSecretsManager(SECRET, { kmsKeyArn: KEY })).statements).toMatchObject([
      { Sid: "ReadSecrets" },
      { Sid: "DecryptSecrets", Action: "kms:Decrypt", Resource: KEY },
    ]);
  });

  test("shares one statement with the others", () => {
    const { statements } = bound(Secret.fromSecretsManager(SECRET), Secret.fromSecretsManager(`${SECRET}2`));
    expect(statements).toMatchObject([{ Resource: [SECRET, `${SECRET}2`] }]);
  });
});

describe("a parameter of Parameter Store", () => {
  test("is referred to by its ARN, and the role may read this one and no other", () => {
    expect(bound(Secret.fromSsmParameter(PARAMETER, { kmsKeyArn: KEY }))).toEqual({
      valueFrom: [PARAMETER],
      statements: [
        { Sid: "ReadParameters", Effect: "Allow", Action: "ssm:GetParameters", Resource: PARAMETER },
        { Sid: "DecryptSecrets", Effect: "Allow", Action: "kms:Decrypt", Resource: KEY },
      ],
    });
  });
});

describe("what is no ARN of a secret", () => {
  const refused = (secret: Secret): string =>
    refusalOf((stack) => secret.bind(stack, "secrets.DB", new Iam(stack, "iam")));

  test.each(["", "db", "arn:aws:s3:::bucket", "/db/password"])("cannot be a secret: %p", (text) => {
    expect(refused(Secret.fromSecretsManager(text))).toMatch(/^small: secrets\.DB is .*\n.*full ARN/);
    expect(refused(Secret.fromSsmParameter(text))).toContain("secrets.DB");
  });

  test("is not printed: it may be the secret itself", () => {
    expect(refused(Secret.fromSecretsManager("hunter2-the-password"))).not.toContain("hunter2");
  });

  test("cannot be the ARN of the other kind: the role would be allowed the wrong action", () => {
    expect(refused(Secret.fromSecretsManager(PARAMETER))).toContain("secrets.DB");
    expect(refused(Secret.fromSsmParameter(SECRET))).toContain("secrets.DB");
  });

  test("may be known to Terraform only", () => {
    const stack = stackOf((stack) => {
      const arn = variable(stack, "secret_arn").stringValue;
      Secret.fromSecretsManager(arn, { jsonKey: "k" }).bind(stack, "secrets.DB", new Iam(stack, "iam"));
    });
    expect(stack.json("aws_iam_role_policy.ecs_task_execution_role", "policy")).toMatchObject({
      Statement: [{ Resource: "${var.secret_arn}" }],
    });
  });
});
