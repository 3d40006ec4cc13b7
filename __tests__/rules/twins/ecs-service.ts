import { EcsCluster } from "../../../modules/core/compute/ecs-cluster";
import { Network } from "../../../modules/core/network/network";
import { ecsService } from "../../../modules/rules";
import { CloudMapApi } from "../../../modules/services/discovery/cloud-map-api";
import { CloudMapDns } from "../../../modules/services/discovery/cloud-map-dns";
import type { Capacity, CapacityProviderShare } from "../../../modules/services/ecs-service/capacity";
import type { EcsServiceProps } from "../../../modules/services/ecs-service/ecs-service-props";
import {
  StockDataService,
  type StockDataServiceProps,
} from "../../../modules/services/article/stock-data-service";
import { CLUSTER, NAMESPACE, service, SUBNETS, VPC, web, type SmallStack } from "../../modules/stack-of";
import { groundIn } from "../../modules/ec2";
import { twin, type Twin } from "./twin";

const FARGATE: CapacityProviderShare = { capacityProvider: "FARGATE" };
const SPOT: CapacityProviderShare = { capacityProvider: "FARGATE_SPOT" };

const of =
  <K extends keyof EcsServiceProps>(name: K, more: Partial<EcsServiceProps> = {}) =>
  (stack: SmallStack, value: EcsServiceProps[K] | undefined): unknown =>
    service(stack, "stock", { ...more, [name]: value });
const shares = (stack: SmallStack, ...capacity: readonly CapacityProviderShare[]): unknown =>
  service(stack, "stock", { capacity, desiredCount: 2 });

const ARTICLE: StockDataServiceProps = {
  vpcId: VPC,
  subnets: SUBNETS,
  ecsClusterId: CLUSTER,
  efsFileSystemId: "fs-0123456789abcdef0",
  ecsTaskExecutionRoleArn: "arn:aws:iam::123456789012:role/execution",
  ecrRepositoryUrl: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/stock",
  namespaceId: NAMESPACE.namespaceId,
};
const inCluster = (stack: SmallStack, id: string, cluster: string): unknown =>
  service(stack, id, {
    serviceName: "stock",
    ecsCluster: EcsCluster.fromEcsClusterAttributes({ ecsClusterId: CLUSTER.replace("platform", cluster) }),
    logGroupName: `/ecs/small/${cluster}/stock`,
    discovery: undefined,
  });

const deployment = (
  minimumHealthyPercent: number,
  maximumPercent: number,
): EcsServiceProps["deployment"] => ({
  minimumHealthyPercent,
  maximumPercent,
});

export const ECS_SERVICE_TWINS: readonly Twin[] = [
  twin(
    ecsService.nameTaken,
    (stack, cluster) => {
      inCluster(stack, "a", "platform");
      inCluster(stack, "b", cluster);
    },
    { bad: "platform", good: "platform-2" },
  ),
  twin(
    ecsService.nameTaken,
    (stack, serviceName) => {
      const ecsCluster = new EcsCluster(stack, "cluster", { clusterName: "platform" });
      service(stack, "stock", { ecsCluster, discovery: undefined });
      service(stack, "again", { ecsCluster, discovery: undefined, serviceName });
    },
    { bad: "stock", good: "stocks" },
  ),
  twin(
    ecsService.clusterTaken,
    (stack, clusterName) => {
      new EcsCluster(stack, "one", { clusterName: "platform" });
      new EcsCluster(stack, "two", { clusterName });
    },
    { bad: "platform", good: "batch" },
  ),
  twin(ecsService.desiredCount, of("desiredCount", { discovery: undefined }), { bad: 5001, good: 5000 }),
  twin(ecsService.desiredCount, of("desiredCount"), { bad: 1.5, good: 1 }),
  twin(ecsService.reachablePort, of("containers"), { bad: [web({ portMappings: [] })], good: [web()] }),
  twin<"tcp" | "udp">(
    ecsService.reachablePort,
    (stack, protocol) =>
      service(stack, "stock", {
        discovery: new CloudMapApi({ namespace: NAMESPACE }),
        containers: [web({ portMappings: [{ containerPort: 80, protocol }] })],
      }),
    { bad: "udp", good: "tcp" },
  ),
  twin(
    ecsService.callee,
    (stack, discovery) => service(stack, "signal").connectTo(service(stack, "stock", { discovery })),
    {
      bad: new CloudMapDns({ namespaceId: NAMESPACE.namespaceId }),
      good: new CloudMapDns({ namespace: NAMESPACE }),
    },
  ),
  twin<EcsServiceProps["discovery"]>(
    ecsService.callee,
    (stack, discovery) => service(stack, "signal").connectTo(service(stack, "stock", { discovery })),
    { bad: undefined, good: new CloudMapDns({ namespace: NAMESPACE }) },
  ),
  twin(
    ecsService.idOrConstruct,
    (stack, namespaceId) =>
      new StockDataService(stack, "stock_service", { ...ARTICLE, namespaceId } as StockDataServiceProps),
    { bad: undefined, good: NAMESPACE.namespaceId },
  ),
  twin(
    ecsService.connectPath,
    (stack, path) => service(stack, "signal").connectTo(service(stack, "stock"), { path }),
    { bad: "api", good: "/api" },
  ),
  twin(ecsService.strategyNumber, (stack, weight) => shares(stack, { ...FARGATE, weight }), {
    bad: 1001,
    good: 1000,
  }),
  twin(ecsService.strategyNumber, (stack, base) => shares(stack, { ...FARGATE, base }), {
    bad: 100001,
    good: 100000,
  }),
  twin(ecsService.strategy, (stack, weight) => shares(stack, { ...FARGATE, weight }), { bad: 0, good: 1 }),
  twin(ecsService.strategy, (stack, base) => shares(stack, { ...FARGATE, base: 1 }, { ...SPOT, base }), {
    bad: 1,
    good: 0,
  }),
  twin<readonly CapacityProviderShare[]>(ecsService.strategy, (stack, all) => shares(stack, ...all), {
    bad: [FARGATE, FARGATE],
    good: [FARGATE, SPOT],
  }),
  twin(
    ecsService.strategyMix,
    (stack, isMixed) => {
      const { ecsCluster, instances } = groundIn(stack);
      const second: readonly CapacityProviderShare[] = isMixed ? [FARGATE] : [];
      service(stack, "stock", { ecsCluster, capacity: [{ capacityProvider: instances }, ...second] });
    },
    { bad: true, good: false },
  ),
  twin<Capacity>(ecsService.spotOneTask, of("capacity"), { bad: [SPOT], good: [FARGATE, SPOT] }),
  twin<Capacity>(ecsService.spotOneTask, of("capacity"), {
    bad: [FARGATE, { ...SPOT, base: 1 }],
    good: [{ ...FARGATE, base: 1 }, SPOT],
  }),
  twin(ecsService.spotOneTask, of("desiredCount", { capacity: [SPOT] }), { bad: 1, good: 2 }),
  twin(
    ecsService.publicSubnets,
    (stack, assignPublicIp) => {
      const { vpcId, publicSubnetIds: subnets } = new Network(stack, "network");
      service(stack, "stock", { vpcId, subnets, assignPublicIp });
    },
    { bad: false, good: true },
  ),
  twin<"publicSubnetIds" | "privateSubnetIds">(
    ecsService.publicSubnets,
    (stack, kind) => {
      const ids = { privateSubnetIds: SUBNETS, publicSubnetIds: ["subnet-0123abcd", "subnet-0123abce"] };
      const network = Network.fromNetworkAttributes(stack, "network", { vpcId: VPC, ...ids });
      service(stack, "stock", { subnets: network[kind] });
    },
    { bad: "publicSubnetIds", good: "privateSubnetIds" },
  ),
  twin(ecsService.gracePeriod, of("healthCheckGracePeriodSeconds"), { bad: -1, good: 0 }),
  twin(ecsService.gracePeriod, of("healthCheckGracePeriodSeconds"), { bad: 2147483648, good: 2147483647 }),
  twin(ecsService.minimumHealthyPercent, of("deployment"), {
    bad: deployment(-1, 200),
    good: deployment(0, 200),
  }),
  twin(ecsService.minimumHealthyPercent, of("deployment"), {
    bad: deployment(101, 300),
    good: deployment(100, 300),
  }),
  twin(ecsService.maximumPercent, of("deployment"), { bad: deployment(0, 99), good: deployment(0, 100) }),
  twin(ecsService.deploymentRoom, of("deployment"), {
    bad: deployment(100, 150),
    good: deployment(100, 200),
  }),
  twin(ecsService.deploymentRoom, of("desiredCount", { deployment: deployment(100, 150) }), {
    bad: 1,
    good: 2,
  }),
];
