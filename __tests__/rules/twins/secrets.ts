import { Secret, type SecretsManagerOptions } from "../../../modules/core/storage/secret";
import { secrets } from "../../../modules/rules";
import { service, web, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const ACCOUNT = "eu-central-1:123456789012";
const SECRET = `arn:aws:secretsmanager:${ACCOUNT}:secret:db-AbCdEf`;
const PARAMETER = `arn:aws:ssm:${ACCOUNT}:parameter/db`;
const given = (stack: SmallStack, secret: Secret): unknown =>
  service(stack, "stock", { containers: [web({ secrets: { DB: secret } })] });
const secret = (stack: SmallStack, arn: string): unknown => given(stack, Secret.fromSecretsManager(arn));
const part = (stack: SmallStack, options: SecretsManagerOptions): unknown =>
  given(stack, Secret.fromSecretsManager(SECRET, options));
const parameter = (stack: SmallStack, arn: string): unknown => given(stack, Secret.fromSsmParameter(arn));

export const SECRETS_TWINS: readonly Twin[] = [
  twin(secrets.arn, secret, { bad: "db-AbCdEf", good: SECRET }),
  twin(secrets.arn, secret, { bad: PARAMETER, good: SECRET }),
  twin(secrets.arn, secret, { bad: `${SECRET}:password::`, good: SECRET }),
  twin(secrets.arn, parameter, { bad: "/db", good: PARAMETER }),
  twin(secrets.arn, secret, { bad: `${SECRET}::AWSPREVIOUS:`, good: SECRET }),
  twin(secrets.part, part, { bad: { jsonKey: "a:b" }, good: { jsonKey: "a.b" } }),
  twin(secrets.part, part, { bad: { jsonKey: "" }, good: { jsonKey: "k" } }),
  twin(secrets.part, part, { bad: { versionStage: "a:b" }, good: { versionStage: "AWSPREVIOUS" } }),
  twin(secrets.part, part, { bad: { versionId: "a:b" }, good: { versionId: "a" } }),
  twin<SecretsManagerOptions>(secrets.version, part, {
    bad: { versionId: "a", versionStage: "AWSPREVIOUS" },
    good: { versionId: "a" },
  }),
  twin(secrets.arnSuffix, secret, { bad: SECRET.slice(0, -7), good: SECRET }),
  twin(secrets.arnSuffix, secret, { bad: SECRET.slice(0, -1), good: SECRET }),
  twin(secrets.keyArn, (stack, kmsKeyArn) => given(stack, Secret.fromSecretsManager(SECRET, { kmsKeyArn })), {
    bad: `arn:aws:kms:${ACCOUNT}:alias/db`,
    good: `arn:aws:kms:${ACCOUNT}:key/db`,
  }),
  twin(
    secrets.keyArn,
    (stack, kmsKeyArn) => given(stack, Secret.fromSsmParameter(PARAMETER, { kmsKeyArn })),
    { bad: "1234abcd-12ab-34cd-56ef-1234567890ab", good: `arn:aws:kms:${ACCOUNT}:key/1234abcd` },
  ),
];
