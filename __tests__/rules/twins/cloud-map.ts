import {
  ApiServiceDiscovery,
  type ICloudMapNamespace,
} from "../../../modules/core/cloud-map/api-service-discovery";
import { DnsNamespace } from "../../../modules/core/cloud-map/dns-namespace";
import { HttpNamespace } from "../../../modules/core/cloud-map/http-namespace";
import { Network } from "../../../modules/core/network/network";
import { PrivateZone } from "../../../modules/core/cloud-map/private-zone";
import {
  ServiceDiscovery,
  type ServiceDiscoveryProps,
} from "../../../modules/core/cloud-map/service-discovery";
import { cloudMap } from "../../../modules/rules";
import { CloudMapApi } from "../../../modules/services/discovery/cloud-map-api";
import { CloudMapDns } from "../../../modules/services/discovery/cloud-map-dns";
import type { EcsServiceProps } from "../../../modules/services/ecs-service/ecs-service-props";
import { NAMESPACE, service, VPC, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const dns = (stack: SmallStack, namespaceName: string): unknown =>
  new DnsNamespace(stack, "dns", { namespaceName, vpcId: VPC });
const http = (stack: SmallStack, namespaceName: string): unknown =>
  new HttpNamespace(stack, "http", { namespaceName });
const entry = (stack: SmallStack, props: Partial<ServiceDiscoveryProps>): unknown =>
  new ServiceDiscovery(stack, "entry", {
    namespace: NAMESPACE,
    serviceName: "stock",
    ...props,
  } as ServiceDiscoveryProps);

const counted = (
  stack: SmallStack,
  props: Partial<EcsServiceProps>,
  routingPolicy?: ServiceDiscoveryProps["routingPolicy"],
): unknown =>
  service(stack, "stock", { discovery: new CloudMapDns({ namespace: NAMESPACE, routingPolicy }), ...props });

const NAMESPACES = { HTTP: HttpNamespace, DNS: DnsNamespace };

/** A service that is found by asking Cloud Map. */
const asked = (stack: SmallStack, namespace: ICloudMapNamespace): unknown =>
  service(stack, "stock", { discovery: new CloudMapApi({ namespace }) });

export const CLOUD_MAP_TWINS: readonly Twin[] = [
  {
    rule: cloudMap.httpName,
    bad: (stack) =>
      asked(stack, new DnsNamespace(stack, "dns", { namespaceName: "shop.internal", vpcId: VPC })),
    good: (stack) => asked(stack, new HttpNamespace(stack, "http", { namespaceName: "shop.internal" })),
  },
  twin(cloudMap.httpName, (stack, httpName) => asked(stack, { ...NAMESPACE, httpName }), {
    bad: undefined,
    good: "platform.internal-1a2b3c",
  }),
  twin(cloudMap.namespaceName, dns, { bad: "platform.internal.", good: "platform.internal" }),
  twin(cloudMap.namespaceName, dns, { bad: "Platform.internal", good: "platform.internal" }),
  twin(cloudMap.namespaceName, dns, {
    bad: `${"a".repeat(64)}.internal`,
    good: `${"a".repeat(63)}.internal`,
  }),
  twin(cloudMap.namespaceTopLevelDomain, dns, { bad: "com", good: "a.com" }),
  twin(cloudMap.namespaceSingleLabel, dns, { bad: "staging", good: "staging.internal" }),
  twin(cloudMap.namespaceLocal, dns, { bad: "platform.local", good: "platform.internal" }),
  twin(
    cloudMap.namespaceTaken,
    (stack, zoneName) => {
      dns(stack, "platform.internal");
      new PrivateZone(stack, "zone", { zoneName, vpcId: VPC });
    },
    { bad: "platform.internal", good: "lb.internal" },
  ),
  twin(
    cloudMap.namespaceTaken,
    (stack, vpcId) => {
      dns(stack, "platform.internal");
      new DnsNamespace(stack, "second", { namespaceName: "platform.internal", vpcId });
    },
    { bad: VPC, good: "vpc-0123456789abcdef9" },
  ),
  twin(cloudMap.httpNamespaceName, http, { bad: "trading platform", good: "trading-platform" }),
  twin(
    cloudMap.httpNamespaceTaken,
    (stack, namespaceName) => {
      http(stack, "platform");
      new HttpNamespace(stack, "second", { namespaceName });
    },
    { bad: "platform", good: "platform-2" },
  ),
  twin(cloudMap.description, (stack, description) => entry(stack, { description }), {
    bad: "a".repeat(1025),
    good: "a".repeat(1024),
  }),
  twin(cloudMap.serviceName, (stack, serviceName) => entry(stack, { serviceName }), {
    bad: "stock service",
    good: "stock-service",
  }),
  twin(
    cloudMap.serviceNameTaken,
    (stack, serviceName) => {
      entry(stack, {});
      new ServiceDiscovery(stack, "second", { namespace: NAMESPACE, serviceName });
    },
    { bad: "stock", good: "stocks" },
  ),
  twin<ServiceDiscoveryProps["recordTypes"]>(
    cloudMap.recordTypes,
    (stack, recordTypes) => entry(stack, { recordTypes }),
    { bad: ["A", "A"], good: ["A"] },
  ),
  twin<string>(
    cloudMap.routingPolicy,
    (stack, routingPolicy) => entry(stack, { routingPolicy: routingPolicy as "WEIGHTED" }),
    { bad: "LATENCY", good: "WEIGHTED" },
  ),
  twin(cloudMap.srvName, (stack, serviceName) => entry(stack, { serviceName }), {
    bad: "_stock._tcp",
    good: "stock",
  }),
  twin<ServiceDiscoveryProps["recordTypes"]>(
    cloudMap.srvName,
    (stack, recordTypes) => entry(stack, { serviceName: "_stock._tcp", recordTypes }),
    { bad: ["A"], good: ["SRV"] },
  ),
  twin<keyof typeof NAMESPACES>(
    cloudMap.httpDns,
    (stack, kind) =>
      entry(stack, {
        namespace: new NAMESPACES[kind](stack, "ns", { namespaceName: "a.internal", vpcId: VPC }),
      }),
    { bad: "HTTP", good: "DNS" },
  ),
  twin(
    cloudMap.otherVpc,
    (stack, vpcId) =>
      service(stack, "stock", {
        discovery: new CloudMapDns({
          namespace: DnsNamespace.fromDnsNamespaceAttributes({ ...NAMESPACE, vpcId }),
        }),
      }),
    { bad: "vpc-0123456789abcdef9", good: VPC },
  ),
  twin<"first" | "second">(
    cloudMap.otherVpc,
    (stack, inWhich) => {
      const networks = { first: new Network(stack, "first"), second: new Network(stack, "second") };
      const { vpcId } = networks[inWhich];
      const namespace = new DnsNamespace(stack, "dns", { namespaceName: "a.internal", vpcId });
      const { privateSubnetIds } = networks.first;
      const placed = { vpcId: networks.first.vpcId, subnets: privateSubnetIds };
      service(stack, "stock", { ...placed, discovery: new CloudMapDns({ namespace }) });
    },
    { bad: "second", good: "first" },
  ),
  twin(cloudMap.ttl, (stack, ttl) => entry(stack, { ttl }), { bad: 10.5, good: 10 }),
  twin(cloudMap.ttlUnwise, (stack, ttl) => entry(stack, { ttl }), { bad: 0, good: 1 }),
  twin(cloudMap.ttlUnwise, (stack, ttl) => entry(stack, { ttl }), { bad: 61, good: 60 }),
  twin(
    cloudMap.serviceNameTaken,
    (stack, serviceName) => {
      entry(stack, {});
      new ApiServiceDiscovery(stack, "api", { namespace: NAMESPACE, serviceName });
    },
    { bad: "stock", good: "stocks" },
  ),
  twin(
    cloudMap.description,
    (stack, description) =>
      new ApiServiceDiscovery(stack, "api", { namespace: NAMESPACE, serviceName: "stock", description }),
    { bad: "a".repeat(1025), good: "a".repeat(1024) },
  ),
  twin(cloudMap.instances, (stack, desiredCount) => counted(stack, { desiredCount }), {
    bad: 1001,
    good: 1000,
  }),
  twin(
    cloudMap.registryArn,
    (stack, kind) =>
      service(stack, "stock", {
        discovery: CloudMapDns.registeredIn({
          registryArn: `arn:aws:servicediscovery:eu-central-1:123456789012:${kind}-0123456789abcdef`,
          recordTypes: ["A"],
        }),
      }),
    { bad: "namespace/ns", good: "service/srv" },
  ),
  twin(cloudMap.eightAnswers, (stack, desiredCount) => counted(stack, { desiredCount }), { bad: 9, good: 8 }),
  twin(
    cloudMap.eightAnswers,
    (stack, maxCapacity) =>
      counted(stack, { autoScaling: { minCapacity: 1, maxCapacity, targets: { cpuPercent: 60 } } }),
    { bad: 9, good: 8 },
  ),
  twin<ServiceDiscoveryProps["routingPolicy"]>(
    cloudMap.eightAnswers,
    (stack, routingPolicy) => counted(stack, { desiredCount: 9 }, routingPolicy),
    { bad: "MULTIVALUE", good: "WEIGHTED" },
  ),
];
