import { App } from "cdktf";
import type { Ec2CapacityProps } from "../../../modules/core/compute/ec2-capacity";
import { EcsCluster } from "../../../modules/core/compute/ecs-cluster";
import { Efs } from "../../../modules/core/storage/efs";
import { EfsAccessPoint } from "../../../modules/core/storage/efs-access-point";
import { HttpNamespace } from "../../../modules/core/cloud-map/http-namespace";
import { ec2 } from "../../../modules/rules";
import { CloudMapDns } from "../../../modules/services/discovery/cloud-map-dns";
import type { EcsServiceProps } from "../../../modules/services/ecs-service/ecs-service-props";
import { ServiceConnect } from "../../../modules/services/discovery/service-connect";
import { bridged, groundIn, instancesIn, onInstances } from "../../modules/ec2";
import { NAMESPACE, service, SmallStack, variable } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const instances =
  <K extends keyof Ec2CapacityProps>(name: K, more: Partial<Ec2CapacityProps> = {}) =>
  (stack: SmallStack, value: Ec2CapacityProps[K] | undefined): unknown =>
    groundIn(stack, { ...more, [name]: value });
const orders = (stack: SmallStack, props: Partial<EcsServiceProps>): unknown =>
  onInstances(stack, groundIn(stack), "orders", props);
const bridge = (stack: SmallStack, props: Partial<EcsServiceProps>): unknown =>
  bridged(stack, groundIn(stack), "orders", props);

export const EC2_TWINS: readonly Twin[] = [
  twin(ec2.sizes, instances("maxCapacity"), { bad: 5001, good: 5000 }),
  twin(ec2.sizes, instances("minCapacity"), { bad: -1, good: 0 }),
  twin(ec2.sizes, instances("maxCapacity", { minCapacity: 0 }), { bad: 0, good: 1 }),
  twin(ec2.sizes, instances("desiredCapacity"), { bad: 1.5, good: 1 }),
  twin(ec2.sizeOrder, instances("minCapacity", { maxCapacity: 4 }), { bad: 5, good: 4 }),
  twin(ec2.sizeOrder, instances("desiredCapacity", { minCapacity: 2 }), { bad: 1, good: 2 }),
  twin(ec2.capacityProviderName, instances("capacityProviderName"), { bad: "ecs-spare", good: "spare-ecs" }),
  twin(ec2.capacityProviderName, instances("capacityProviderName"), { bad: "spare 1", good: "spare-1" }),
  twin(
    ec2.capacityProviderTaken,
    (stack, capacityProviderName) => {
      const { ecsCluster } = groundIn(stack, { capacityProviderName: "spare" });
      instancesIn(stack, ecsCluster, "others", { capacityProviderName });
    },
    { bad: "spare", good: "spare-2" },
  ),
  twin(ec2.targetCapacity, instances("targetCapacityPercent"), { bad: 101, good: 100 }),
  twin(
    ec2.clusterStack,
    (stack, isOther) => {
      const home = isOther ? new SmallStack(App.of(stack), "other") : stack;
      instancesIn(stack, new EcsCluster(home, "cluster", { clusterName: "platform" }), "instances");
    },
    { bad: true, good: false },
  ),
  twin(ec2.instanceType, instances("instanceType"), { bad: "T3.small", good: "t3.small" }),
  twin(
    ec2.architectureKnown,
    (stack, cpuArchitecture) =>
      groundIn(stack, { instanceType: variable(stack, "instance_type").stringValue, cpuArchitecture }),
    { bad: undefined, good: "ARM64" as const },
  ),
  twin<Ec2CapacityProps["cpuArchitecture"]>(ec2.architecture, instances("cpuArchitecture"), {
    bad: "ARM64",
    good: "X86_64",
  }),
  twin<EcsServiceProps["cpuArchitecture"]>(
    ec2.oneArchitecture,
    (stack, cpuArchitecture) => orders(stack, { cpuArchitecture }),
    { bad: "ARM64", good: "X86_64" },
  ),
  twin(
    ec2.oneArchitecture,
    (stack, instanceType) => {
      const ground = groundIn(stack);
      const others = instancesIn(stack, ground.ecsCluster, "others", { instanceType });
      const capacity = [{ capacityProvider: ground.instances }, { capacityProvider: others }];
      onInstances(stack, ground, "orders", { capacity });
    },
    { bad: "m7g.large", good: "m7i.large" },
  ),
  twin(
    ec2.capacityCluster,
    (stack, isOther) => {
      const ground = groundIn(stack);
      const other = new EcsCluster(stack, "other", { clusterName: "other" });
      onInstances(stack, ground, "orders", { ecsCluster: isOther ? other : ground.ecsCluster });
    },
    { bad: true, good: false },
  ),
  twin(ec2.imageId, instances("imageId"), { bad: "ami-0123abc", good: "ami-0123abcd" }),
  twin(ec2.rootVolume, instances("rootVolumeGib"), { bad: 29, good: 30 }),
  twin(ec2.rootVolume, instances("rootVolumeGib"), { bad: 16385, good: 16384 }),
  twin(ec2.taskCpu, (stack, cpu) => orders(stack, { cpu }), { bad: 127, good: 128 }),
  twin(ec2.taskCpu, (stack, cpu) => orders(stack, { cpu }), { bad: 196609, good: 196608 }),
  twin(ec2.taskMemory, (stack, memory) => orders(stack, { memory }), { bad: 5, good: 6 }),
  twin<EcsServiceProps["placementStrategies"]>(
    ec2.placementFargate,
    (stack, placementStrategies) => service(stack, "orders", { placementStrategies }),
    { bad: [{ type: "random" }], good: undefined },
  ),
  twin<EcsServiceProps["placementStrategies"]>(
    ec2.placementStrategies,
    (stack, placementStrategies) => orders(stack, { placementStrategies }),
    { bad: [{ type: "binpack", field: "instanceId" }], good: [{ type: "spread", field: "instanceId" }] },
  ),
  twin<EcsServiceProps["placementConstraints"]>(
    ec2.placementConstraints,
    (stack, placementConstraints) => orders(stack, { placementConstraints }),
    { bad: [{ type: "memberOf" }], good: [{ type: "distinctInstance" }] },
  ),
  twin<EcsServiceProps["networkMode"]>(
    ec2.bridge,
    (stack, networkMode) => service(stack, "orders", { networkMode, discovery: undefined }),
    { bad: "bridge", good: "awsvpc" },
  ),
  twin<string>(ec2.bridge, (stack, networkMode) => orders(stack, { networkMode: networkMode as "bridge" }), {
    bad: "host",
    good: "bridge",
  }),
  twin(ec2.bridgeInterface, (stack, assignPublicIp) => bridge(stack, { assignPublicIp }), {
    bad: true,
    good: false,
  }),
  twin<EcsServiceProps["httpsEgressCidrBlocks"]>(
    ec2.bridgeInterface,
    (stack, httpsEgressCidrBlocks) => bridge(stack, { httpsEgressCidrBlocks }),
    { bad: ["10.0.0.0/8"], good: undefined },
  ),
  twin<readonly ("A" | "SRV")[]>(
    ec2.bridgeRecords,
    (stack, recordTypes) =>
      bridge(stack, { discovery: new CloudMapDns({ namespace: NAMESPACE, recordTypes }) }),
    { bad: ["A"], good: ["SRV"] },
  ),
  twin<EcsServiceProps["networkMode"]>(
    ec2.bridgeServiceConnect,
    (stack, networkMode) => {
      const namespace = new HttpNamespace(stack, "http", { namespaceName: "platform" });
      orders(stack, { networkMode, discovery: new ServiceConnect({ namespace }) });
    },
    { bad: "bridge", good: "awsvpc" },
  ),
  twin(
    ec2.bridgeFileSystem,
    (stack, securityGroupId) => {
      const fileSystem = Efs.fromEfsAttributes(stack, {
        fileSystemId: "fs-0123456789abcdef0",
        securityGroupId,
      });
      const files = new EfsAccessPoint(stack, "files", { fileSystem, path: "/orders" });
      bridged(stack, groundIn(stack), "orders").mount(files, { containerPath: "/data" });
    },
    { bad: undefined, good: "sg-0123abcd" },
  ),
  twin(ec2.hostPort, (stack, hostPort) => bridge(stack, { hostPort }), { bad: 32768, good: 32767 }),
  twin(ec2.hostPort, (stack, hostPort) => bridge(stack, { hostPort }), { bad: 22, good: 23 }),
  twin(ec2.hostPortMode, (stack, hostPort) => orders(stack, { hostPort }), { bad: 8080, good: undefined }),
  twin(ec2.publicAddress, (stack, assignPublicIp) => orders(stack, { assignPublicIp }), {
    bad: true,
    good: false,
  }),
];
