import type { IConstruct } from "constructs";
import { check, checkInteger, type Expectation } from "../../core/framework/check";
import { serviceConnect } from "../../rules/service-connect";
import type { ContainerProps } from "../task/container";
import type { ServiceConnectTimeouts, ServiceConnectTls } from "./service-connect-props";

/** One label of a DNS name: 1 to 63 characters, no hyphen at either end. */
const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const ALIAS_NAME = new RegExp(`^(?=.{1,127}$)${LABEL}(?:\\.${LABEL})*$`);

/** Refuses what is not: `arn` can be that of a Cloud Map namespace. */
export function checkNamespaceArn(scope: IConstruct, property: string, arn: string | undefined): void {
  checkArn(
    scope,
    property,
    arn,
    "servicediscovery:[a-z0-9-]+:\\d{12}:namespace/ns-[a-z0-9]+",
    serviceConnect.namespaceArn,
  );
}

/** Refuses what is not: ECS can make a Cloud Map service of that name. */
export function checkDiscoveryName(scope: IConstruct, name: string): void {
  check(
    scope,
    "discoveryName",
    name,
    (given) => /^[a-z0-9_][a-z0-9_-]{0,63}$/.test(given),
    serviceConnect.discoveryName,
  );
}

/** Refuses what is not: a client can ask for that name and port. */
export function checkAlias(scope: IConstruct, dnsName: string, port: number): void {
  check(scope, "clientAlias.dnsName", dnsName, (name) => ALIAS_NAME.test(name), serviceConnect.alias);
  checkInteger(scope, "clientAlias.port", port, { min: 1, max: 65535 }, serviceConnect.aliasPort);
}

/** Refuses a port that the proxy cannot listen on beside the containers. */
export function checkIngressPort(
  scope: IConstruct,
  port: number | undefined,
  containers: readonly ContainerProps[],
): void {
  const taken = containers.flatMap(({ portMappings = [] }) =>
    portMappings.map(({ containerPort }) => containerPort),
  );
  const isFree = (given: number): boolean =>
    Number.isInteger(given) && given >= 1025 && given <= 65535 && !taken.includes(given);
  check(scope, "ingressPortOverride", port, isFree, {
    ...serviceConnect.ingressPort,
    allowed: `${serviceConnect.ingressPort.allowed}: not ${taken.join(", ")}`,
  });
}

/** Refuses timeouts that the proxy does not know for the protocol. */
export function checkTimeouts(
  scope: IConstruct,
  timeouts: ServiceConnectTimeouts | undefined,
  protocol: string,
): void {
  const { idleTimeoutSeconds, perRequestTimeoutSeconds } = timeouts ?? {};
  for (const [name, seconds] of Object.entries({ idleTimeoutSeconds, perRequestTimeoutSeconds })) {
    checkInteger(scope, `timeouts.${name}`, seconds, { min: 0, max: 2147483647 }, serviceConnect.timeout);
  }
  check(
    scope,
    "timeouts.perRequestTimeoutSeconds",
    perRequestTimeoutSeconds,
    () => protocol !== "tcp",
    serviceConnect.requestTimeout,
  );
}

/** Refuses ARNs of something else than TLS needs. */
export function checkTls(scope: IConstruct, tls: ServiceConnectTls | undefined): void {
  const arns = [
    ["awsPcaAuthorityArn", "acm-pca:[a-z0-9-]+:\\d{12}:certificate-authority/.+", "an AWS Private CA"],
    ["kmsKeyArn", "kms:[a-z0-9-]+:\\d{12}:key/.+", "a KMS key"],
    ["roleArn", "iam::\\d{12}:role/.+", "an IAM role"],
  ] as const;
  for (const [property, pattern, what] of arns) {
    checkArn(scope, `tls.${property}`, tls?.[property], pattern, {
      ...serviceConnect.tlsArn,
      allowed: `the ARN of ${what}`,
    });
  }
}

/** Refuses where a port mapping says one protocol and the strategy another: neither may win in silence. */
export function checkProtocol(scope: IConstruct, wanted: string | undefined, mapped: string): void {
  check(scope, "appProtocol", wanted, (protocol) => protocol === mapped, {
    ...serviceConnect.protocol,
    allowed: `${mapped}, which the port mapping says`,
  });
}

function checkArn(
  scope: IConstruct,
  property: string,
  arn: string | undefined,
  pattern: string,
  rule: Expectation,
): void {
  check(scope, property, arn, (text) => new RegExp(`^arn:aws[a-z-]*:${pattern}$`).test(text), rule);
}
