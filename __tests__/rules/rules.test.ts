import { readFileSync } from "node:fs";
import { join } from "node:path";
import { acknowledge } from "../../modules/core/framework/warnings";
import { catalogue, type CheckedRule } from "../../modules/rules";
import { rulesPage } from "../../scripts/docs/rules-page";
import type { SynthesizedStack } from "../../testing";
import { refusalOf, stackOf } from "../modules/stack-of";
import { AUTO_SCALING_TWINS } from "./twins/auto-scaling";
import { CLOUD_MAP_TWINS } from "./twins/cloud-map";
import { EC2_TWINS } from "./twins/ec2";
import { ECS_SERVICE_TWINS } from "./twins/ecs-service";
import { TASK_DEFINITION_TWINS } from "./twins/task-definition";
import { LISTENER_RULE_TWINS, LOAD_BALANCER_TWINS, TARGET_GROUP_TWINS } from "./twins/load-balancer";
import { NETWORK_TWINS } from "./twins/network";
import { OBSERVABILITY_TWINS } from "./twins/observability";
import { PLATFORM_TWINS } from "./twins/platform";
import { ROUTE53_TWINS } from "./twins/route53";
import { SECURITY_GROUP_TWINS } from "./twins/security-group";
import { SERVICE_CONNECT_TWINS } from "./twins/service-connect";
import { ECR_TWINS } from "./twins/ecr";
import { EFS_TWINS } from "./twins/efs";
import { GENERAL_TWINS } from "./twins/general";
import { IAM_TWINS } from "./twins/iam";
import { IMAGE_TWINS } from "./twins/image";
import { LOGS_TWINS } from "./twins/logs";
import { SECRETS_TWINS } from "./twins/secrets";
import type { Twin } from "./twins/twin";

const TWINS: readonly Twin[] = [
  ...CLOUD_MAP_TWINS,
  ...ECS_SERVICE_TWINS,
  ...TASK_DEFINITION_TWINS,
  ...EC2_TWINS,
  ...GENERAL_TWINS,
  ...PLATFORM_TWINS,
  ...IMAGE_TWINS,
  ...ECR_TWINS,
  ...EFS_TWINS,
  ...SECRETS_TWINS,
  ...LOGS_TWINS,
  ...OBSERVABILITY_TWINS,
  ...IAM_TWINS,
  ...SERVICE_CONNECT_TWINS,
  ...AUTO_SCALING_TWINS,
  ...SECURITY_GROUP_TWINS,
  ...NETWORK_TWINS,
  ...LOAD_BALANCER_TWINS,
  ...LISTENER_RULE_TWINS,
  ...TARGET_GROUP_TWINS,
  ...ROUTE53_TWINS,
];

const idsIn = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => [...text.matchAll(/^ {4}rule: {4}(\S+)/gm)].map(([, id = ""]) => id));
const about = (held: CheckedRule["held"]): [string, Twin][] =>
  TWINS.filter(({ rule }) => rule.held === held).map((pair) => [`${pair.rule.id} ${pair.title ?? ""}`, pair]);

describe("the catalogue", () => {
  test("has an id for each rule, which no other rule has and a link can be made of", () => {
    const ids = catalogue().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    ids.forEach((id) => expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/));
  });

  test("has a pair of inputs here for each rule that synth checks", () => {
    const tested = new Set(TWINS.map(({ rule }) => rule.id));
    const untested = catalogue().filter(
      ({ held, id }) => (held === "synth" || held === "warning") && !tested.has(id),
    );
    expect(untested.map(({ id }) => id)).toEqual([]);
  });

  test("is what docs/rules.md shows; `npm run docs` writes it", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "rules.md"), "utf8");
    expect(page).toBe(rulesPage());
  });

  test("says in whole sentences what each rule is", () => {
    for (const { about: text } of catalogue()) expect(text).toMatch(/^[A-Z`_a-z][^]*\.$/);
  });
});

describe("what breaks a rule", () => {
  test.each(about("synth"))("is refused: %s", (_, { rule, bad }) => {
    const message = refusalOf(bad);
    expect(idsIn([message])).toContain(rule.id);
    const finding = message.split("\n\n").find((text) => text.includes(`rule:    ${rule.id} `)) ?? "";
    expect(finding).toMatch(/^small(\/\S+)?: \S.* is [^]*\n {4}allowed: .+\n {4}mend: {4}.+\n/);
  });

  test.each(about("synth"))("has a twin that is taken: %s", (_, { good }) => {
    expect(() => stackOf(good)).not.toThrow();
  });
});

describe("what is unwise", () => {
  const synthesized = (fill: Twin["bad"], ...acknowledged: string[]): SynthesizedStack =>
    stackOf((stack) => {
      fill(stack);
      acknowledge(stack, ...acknowledged);
    });

  test.each(about("warning"))("warns: %s", (_, { rule, bad }) => {
    expect(idsIn(synthesized(bad).warnings)).toContain(rule.id);
  });

  test.each(about("warning"))("is quiet once it is acknowledged: %s", (_, { rule, bad }) => {
    expect(idsIn(synthesized(bad, rule.id).warnings)).not.toContain(rule.id);
  });

  test.each(about("warning"))("has a twin that does not warn: %s", (_, { rule, good }) => {
    expect(idsIn(synthesized(good).warnings)).not.toContain(rule.id);
  });
});
