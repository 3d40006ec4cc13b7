import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { check } from "./check";

/** One label of a DNS name: 1 to 63 characters, no hyphen at either end. */
const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const DNS_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
const DISCOVERY_NAME = new RegExp(`^(?=.{1,127}$)${LABEL}(?:\\.${LABEL})*$`);
const ECS_NAME = /^[A-Za-z0-9_-]{1,255}$/;
const REPOSITORY_NAME =
  /^(?=.{2,256}$)[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** Throws unless `name` can be the name of a private DNS namespace. */
export function checkNamespaceName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (n) => DNS_NAME.test(n), {
    allowed:
      "a DNS name in lower case: labels of 1 to 63 letters, digits, - and _, joined by dots, 253 characters at most, " +
      "no dot at the end",
    mend: 'choose a name such as "trading-platform.local" or "staging.internal"',
    source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html",
  });
}

/** Throws unless `host` is a DNS name alone. */
export function checkHost(scope: IConstruct, property: string, host: string): void {
  check(scope, property, host, (name) => DNS_NAME.test(name), {
    allowed: "a DNS name in lower case, without scheme, port and path",
    mend: 'give a name such as "stock-service.trading-platform.local"',
  });
}

/** Throws unless `name` can be the name of a service in a Cloud Map DNS namespace. */
export function checkDiscoveryName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (n) => DISCOVERY_NAME.test(n), {
    allowed:
      "a DNS label in lower case (or several, joined by dots): 1 to 63 letters, digits, - and _ each, no hyphen at " +
      "either end, 127 characters at most, no space",
    mend: 'choose a name such as "stock-service"; callers will ask DNS for it',
    source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html",
  });
}

/** Throws unless `name` can be the name of an ECS cluster, service, task family, container or volume. */
export function checkEcsName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (n) => ECS_NAME.test(n), {
    allowed: "1 to 255 letters, digits, hyphens and underscores; no space, no dot",
    mend: 'choose a name such as "stock-service"',
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
  });
}

/** Throws unless `name` can be the name of an ECR repository. */
export function checkRepositoryName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (n) => REPOSITORY_NAME.test(n), {
    allowed:
      "2 to 256 characters in lower case: letters and digits, with single . _ - between them and / between parts",
    mend: 'choose a name such as "stock-service" or "trading/stock-service"',
    source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html",
  });
}

/**
 * A prefix for the name of something that AWS wants unique (a role, a security group): `<stack>-<part>-`, cut to
 * `limit` characters. The provider appends 26 characters of its own, so the cut loses no uniqueness.
 */
export function namePrefix(scope: IConstruct, part: string, limit: number): string {
  const text = `${TerraformStack.of(scope).node.id}-${part}`.replace(/[^A-Za-z0-9_-]+/g, "-");
  return `${text.slice(0, limit - 1).replace(/[-_]+$/, "")}-`;
}
