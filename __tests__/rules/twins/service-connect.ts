import { serviceConnect } from "../../../modules/rules";
import { CloudMapDns } from "../../../modules/services/discovery/cloud-map-dns";
import type { ContainerProps } from "../../../modules/services/task/container";
import { ServiceConnect } from "../../../modules/services/discovery/service-connect";
import type { ServiceConnectProps } from "../../../modules/services/discovery/service-connect-props";
import { NAMESPACE, service, web, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const ARN = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-0123456789abcdef";
const OTHER = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-fedcba9876543210";
const NAMED = { namespaceArn: ARN, namespaceName: "platform" };
const PCA = "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/0123";
const ROLE = "arn:aws:iam::123456789012:role/tls";

const one = (
  stack: SmallStack,
  props: Partial<ServiceConnectProps>,
  container?: Partial<ContainerProps>,
): unknown =>
  service(stack, "stock", {
    containers: [web(container)],
    discovery: new ServiceConnect({ namespace: NAMED, ...props }),
  });
const two = (
  stack: SmallStack,
  first: Partial<ServiceConnectProps>,
  second: Partial<ServiceConnectProps>,
): void =>
  [first, second].forEach((props, index) =>
    service(stack, `stock-${index}`, { discovery: new ServiceConnect({ namespace: NAMED, ...props }) }),
  );

export const SERVICE_CONNECT_TWINS: readonly Twin[] = [
  twin(
    serviceConnect.port,
    (stack, protocol) => one(stack, {}, { portMappings: [{ containerPort: 80, protocol }] }),
    {
      bad: "udp" as const,
      good: "tcp" as const,
    },
  ),
  twin(serviceConnect.discoveryName, (stack, discoveryName) => one(stack, { discoveryName }), {
    bad: "Stock",
    good: "stock",
  }),
  twin(serviceConnect.discoveryName, (stack, discoveryName) => one(stack, { discoveryName }), {
    bad: "a".repeat(65),
    good: "a".repeat(64),
  }),
  twin(
    serviceConnect.discoveryNameTaken,
    (stack, discoveryName) => two(stack, { discoveryName: "stock" }, { discoveryName }),
    { bad: "stock", good: "stocks" },
  ),
  twin(serviceConnect.alias, (stack, dnsName) => one(stack, { clientAlias: { dnsName } }), {
    bad: "stock_.-a",
    good: "stock_.a",
  }),
  twin(serviceConnect.aliasPort, (stack, port) => one(stack, { clientAlias: { port } }), { bad: 0, good: 1 }),
  twin(
    serviceConnect.aliasTaken,
    (stack, port) =>
      two(
        stack,
        { clientAlias: { dnsName: "stock", port: 80 } },
        { clientAlias: { dnsName: "stock", port } },
      ),
    { bad: 80, good: 81 },
  ),
  twin(
    serviceConnect.namespaceArn,
    (stack, namespaceArn) => one(stack, { namespace: { ...NAMED, namespaceArn } }),
    { bad: ARN.replace("namespace/ns-", "service/srv-"), good: ARN },
  ),
  twin(
    serviceConnect.oneNamespace,
    (stack, namespaceArn) => {
      const [caller, callee] = [ARN, namespaceArn].map((arn, index) =>
        service(stack, `stock-${index}`, {
          discovery: new ServiceConnect({ namespace: { namespaceName: "platform", namespaceArn: arn } }),
        }),
      );
      if (callee) caller?.connectTo(callee);
    },
    { bad: OTHER, good: ARN },
  ),
  twin(serviceConnect.ingressPort, (stack, ingressPortOverride) => one(stack, { ingressPortOverride }), {
    bad: 1024,
    good: 1025,
  }),
  twin(
    serviceConnect.ingressPort,
    (stack, ingressPortOverride) =>
      one(stack, { ingressPortOverride }, { portMappings: [{ containerPort: 8080 }] }),
    { bad: 8080, good: 8081 },
  ),
  twin(
    serviceConnect.protocol,
    (stack, appProtocol) =>
      one(
        stack,
        { appProtocol },
        { portMappings: [{ containerPort: 80, name: "api", appProtocol: "http" }] },
      ),
    { bad: "grpc" as const, good: "http" as const },
  ),
  twin(
    serviceConnect.timeout,
    (stack, idleTimeoutSeconds) => one(stack, { timeouts: { idleTimeoutSeconds } }),
    { bad: -1, good: 0 },
  ),
  twin(
    serviceConnect.requestTimeout,
    (stack, appProtocol) => one(stack, { appProtocol, timeouts: { perRequestTimeoutSeconds: 5 } }),
    { bad: "tcp" as const, good: "http" as const },
  ),
  twin(
    serviceConnect.tlsArn,
    (stack, awsPcaAuthorityArn) => one(stack, { tls: { awsPcaAuthorityArn, roleArn: ROLE } }),
    { bad: PCA.replace("acm-pca", "acm"), good: PCA },
  ),
  twin(
    serviceConnect.dnsEntry,
    (stack, isEntry) =>
      one(stack, {
        dns: isEntry
          ? new CloudMapDns({ namespace: NAMESPACE })
          : new ServiceConnect({ namespace: { ...NAMED, namespaceArn: OTHER } }),
      }),
    { bad: false, good: true },
  ),
  twin(serviceConnect.memory, (stack, memory) => one(stack, {}, { memory }), { bad: 449, good: 448 }),
];
