import type { IConstruct } from "constructs";
import { cloudMap } from "../../rules/cloud-map";
import { ecr } from "../../rules/ecr";
import { general } from "../../rules/general";
import { route53 } from "../../rules/route53";
import { check } from "./check";
import { Platform } from "./platform";
import { warnUnless } from "./warnings";

/** One label of a DNS name: 1 to 63 characters, no hyphen at either end. */
const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const DNS_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
const DISCOVERY_NAME = new RegExp(`^(?=.{1,127}$)${LABEL}(?:\\.${LABEL})*$`);
const ECS_NAME = /^[A-Za-z0-9_-]{1,255}$/;
const REPOSITORY_NAME =
  /^(?=.{2,256}$)[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** Public top-level domains that somebody may take for a name of their own; there are more than a thousand others. */
const PUBLIC_TOP_LEVEL = new Set(
  "com net org edu gov mil int info biz name pro io dev app ai co me tv cc us uk de fr nl eu ch at it es se no dk pl ca au in jp cn br cloud online site store tech xyz aws amazon".split(
    " ",
  ),
);

/** Refuses what cannot be the name of a private DNS namespace. */
export function checkNamespaceName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (n) => DNS_NAME.test(n), cloudMap.namespaceName);
  check(
    scope,
    property,
    name,
    (n) => !PUBLIC_TOP_LEVEL.has(n.toLowerCase()),
    cloudMap.namespaceTopLevelDomain,
  );
  warnUnless(
    scope,
    property,
    name,
    (n) => !DNS_NAME.test(n) || n.includes(".") || n === "internal",
    cloudMap.namespaceSingleLabel,
  );
  warnUnless(scope, property, name, (n) => !n.endsWith(".local"), cloudMap.namespaceLocal);
}

/** Refuses what is not a DNS name alone. */
export function checkHost(scope: IConstruct, property: string, host: string): void {
  check(scope, property, host, (name) => DNS_NAME.test(name), route53.hostName);
}

/** Refuses what cannot be the name of a private zone. */
export function checkZoneName(scope: IConstruct, property: string, name: string): void {
  checkHost(scope, property, name);
  check(scope, property, name, (n) => !PUBLIC_TOP_LEVEL.has(n), route53.zoneTopLevelDomain);
}

/** Refuses what cannot be the name of a service in a Cloud Map DNS namespace. */
export function checkDiscoveryName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (n) => DISCOVERY_NAME.test(n), cloudMap.serviceName);
}

/** Refuses what cannot be the name of an ECS cluster, service, task family, container or volume. */
export function checkEcsName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, isEcsName, general.ecsName);
}

/** True for what can be the name of an ECS cluster, service, task family, container or volume. */
export function isEcsName(name: string): boolean {
  return ECS_NAME.test(name);
}

/** Refuses what cannot be the name of an ECR repository. */
export function checkRepositoryName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (n) => REPOSITORY_NAME.test(n), ecr.name);
}

/** What the provider appends to a prefix: nothing else has these characters. */
const RANDOM = 26;

/**
 * A prefix for the name of something that AWS wants unique (a role, a security group): `<platform>-<part>-`, cut to
 * `limit` characters. The provider appends 26 characters of its own, so the cut loses no uniqueness.
 */
export function namePrefix(scope: IConstruct, part: string, limit: number): string {
  const stem = Platform.of(scope).stem(part, limit - 1, limit + RANDOM);
  const text = stem.replace(/[^A-Za-z0-9_-]+/g, "-");
  return `${text.slice(0, limit - 1).replace(/[-_]+$/, "")}-`;
}
