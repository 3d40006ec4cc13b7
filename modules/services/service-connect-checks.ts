import type { IConstruct } from "constructs";
import { check, checkInteger } from "../core/check";
import type { ContainerProps } from "./container";
import type { ServiceConnectTimeouts, ServiceConnectTls } from "./service-connect";

const API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const SERVICE = `${API}/API_ServiceConnectService.html`;
const ALIAS = `${API}/API_ServiceConnectClientAlias.html`;
const TIMEOUT = `${API}/API_TimeoutConfiguration.html`;
const TLS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html";
const CONCEPTS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html";

/** One label of a DNS name: 1 to 63 characters, no hyphen at either end. */
const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const ALIAS_NAME = new RegExp(`^(?=.{1,127}$)${LABEL}(?:\\.${LABEL})*$`);

/** Throws unless `arn` can be that of a Cloud Map namespace. */
export function checkNamespaceArn(scope: IConstruct, property: string, arn: string | undefined): void {
  checkArn(scope, property, arn, "servicediscovery:[a-z0-9-]+:\\d{12}:namespace/ns-[a-z0-9]+", {
    allowed: "the ARN of a Cloud Map namespace: arn:aws:servicediscovery:<region>:<account>:namespace/<id>",
    mend: "give the namespaceArn of an HttpNamespace or a DnsNamespace, or copy it from `aws servicediscovery list-namespaces`",
    source: CONCEPTS,
  });
}

/** Throws unless ECS can make a Cloud Map service of that name. */
export function checkDiscoveryName(scope: IConstruct, name: string): void {
  check(scope, "discoveryName", name, (given) => /^[a-z0-9_][a-z0-9_-]{0,63}$/.test(given), {
    allowed: "1 to 64 letters from a to z, digits, - and _, not starting with -",
    mend: 'give `discoveryName`, for example "stock-service-sc"; callers do not see it',
    source: SERVICE,
  });
}

/** Throws unless a client can ask for that name and port. */
export function checkAlias(scope: IConstruct, dnsName: string, port: number): void {
  check(scope, "clientAlias.dnsName", dnsName, (name) => ALIAS_NAME.test(name), {
    allowed:
      "a DNS name in lower case: labels of 1 to 63 letters, digits, - and _, joined by dots, 127 characters at most",
    mend: 'give `clientAlias: { dnsName }`, for example "stock-service.trading-platform"; callers use it',
    source: ALIAS,
  });
  const mend = "give the port that callers have in their URLs, for example 80";
  checkInteger(scope, "clientAlias.port", port, { min: 1, max: 65535 }, { mend, source: ALIAS });
}

/** Throws for a port that the proxy cannot listen on beside the containers. */
export function checkIngressPort(
  scope: IConstruct,
  port: number | undefined,
  containers: readonly ContainerProps[],
): void {
  const mend = "leave it out: the proxy takes over the container port then";
  checkInteger(scope, "ingressPortOverride", port, { min: 1025, max: 65535 }, { mend, source: SERVICE });
  const taken = containers.flatMap(({ portMappings = [] }) =>
    portMappings.map(({ containerPort }) => containerPort),
  );
  check(scope, "ingressPortOverride", port, (given) => !taken.includes(given), {
    allowed: `a port that no container of the task listens on: not ${taken.join(", ")}`,
    mend: "give another port, or leave it out: the proxy takes over the container port then",
    source: SERVICE,
  });
}

/** Throws for timeouts that the proxy does not know for the protocol. */
export function checkTimeouts(
  scope: IConstruct,
  timeouts: ServiceConnectTimeouts | undefined,
  protocol: string,
): void {
  const { idleTimeoutSeconds, perRequestTimeoutSeconds } = timeouts ?? {};
  for (const [name, seconds] of Object.entries({ idleTimeoutSeconds, perRequestTimeoutSeconds })) {
    checkInteger(
      scope,
      `timeouts.${name}`,
      seconds,
      { min: 0, max: 2147483647 },
      {
        allowed: "0 for no limit, or whole seconds from 1 to 2147483647",
        mend: "give seconds, for example 60",
        source: TIMEOUT,
      },
    );
  }
  check(scope, "timeouts.perRequestTimeoutSeconds", perRequestTimeoutSeconds, () => protocol !== "tcp", {
    allowed: "only with the appProtocol http, http2 or grpc: plain TCP has no requests",
    mend: "give `idleTimeoutSeconds` alone, or say what the port speaks in `appProtocol`",
    source: TIMEOUT,
  });
}

/** Throws for ARNs of something else than TLS needs. */
export function checkTls(scope: IConstruct, tls: ServiceConnectTls | undefined): void {
  const arns = [
    ["awsPcaAuthorityArn", "acm-pca:[a-z0-9-]+:\\d{12}:certificate-authority/.+", "an AWS Private CA"],
    ["kmsKeyArn", "kms:[a-z0-9-]+:\\d{12}:key/.+", "a KMS key"],
    ["roleArn", "iam::\\d{12}:role/.+", "an IAM role"],
  ] as const;
  for (const [property, pattern, what] of arns) {
    checkArn(scope, `tls.${property}`, tls?.[property], pattern, {
      allowed: `the ARN of ${what}`,
      mend: "copy it from the AWS console or CLI, or pass that of a construct or a Terraform variable",
      source: TLS,
    });
  }
}

/** Throws where a port mapping says one protocol and the strategy another: neither may win in silence. */
export function checkProtocol(scope: IConstruct, wanted: string | undefined, mapped: string): void {
  check(scope, "appProtocol", wanted, (protocol) => protocol === mapped, {
    allowed: `${mapped}, which the port mapping says`,
    mend: "say it in one of the two places",
    source: `${API}/API_PortMapping.html`,
  });
}

function checkArn(
  scope: IConstruct,
  property: string,
  arn: string | undefined,
  pattern: string,
  expectation: { allowed: string; mend: string; source: string },
): void {
  check(scope, property, arn, (text) => new RegExp(`^arn:aws[a-z-]*:${pattern}$`).test(text), expectation);
}
