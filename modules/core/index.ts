export { addressCollisions, snakeCase, terraformAddress } from "./framework/address";
export { InvalidInputError } from "./framework/check";
export { checkFindings, InvalidAppError } from "./framework/findings";
export type { OneOf } from "./framework/one-of";
export { Platform, type PlatformProps } from "./framework/platform";
export type { Tags } from "./framework/tags";
export { text } from "./framework/text";
export { acknowledge, warningsOf } from "./framework/warnings";

export { EcsTasksRole, ImportedRole, type EcsTasksRoleProps, type IGrantee } from "./iam/ecs-tasks-role";
export { Iam, type IamAttributes, type ITaskExecutionRole } from "./iam/iam";
export type { Principal, Statement } from "./iam/policy";

export type { NatGateways } from "./network/nat-gateways";
export { Network, type NetworkProps } from "./network/network";
export type { INetwork, NetworkAttributes } from "./network/network-attributes";
export { OpenPort, SecurityGroup, type PortOpening, type SecurityGroupProps } from "./network/security-group";
export { VpcEndpoints, type VpcEndpointService, type VpcEndpointsProps } from "./network/vpc-endpoints";

export type { LogMetric } from "./cloudwatch/log-metric-filter";
export type { LogRetentionDays } from "./cloudwatch/log-retention";
export type { AlarmActions } from "./cloudwatch/metric-alarm";

export { ContainerImage } from "./storage/container-image";
export { Ecr, type EcrAttributes, type EcrProps, type IEcr } from "./storage/ecr";
export { EcrLifecyclePolicy, type EcrExpiry, type EcrImageSelection } from "./storage/ecr-lifecycle";
export { Efs, type EfsAttributes, type EfsProps, type IEfs } from "./storage/efs";
export {
  EfsAccessPoint,
  type EfsAccessPointAttributes,
  type EfsAccessPointProps,
  type IEfsAccessPoint,
} from "./storage/efs-access-point";
export { Secret, type SecretsManagerOptions, type SsmParameterOptions } from "./storage/secret";

export {
  ApiServiceDiscovery,
  type ApiServiceDiscoveryProps,
  type ICloudMapNamespace,
} from "./cloud-map/api-service-discovery";
export {
  DnsNamespace,
  type DnsNamespaceAttributes,
  type DnsNamespaceProps,
  type IDnsNamespace,
} from "./cloud-map/dns-namespace";
export type { DnsQueryLogProps } from "./cloud-map/dns-query-log";
export {
  HttpNamespace,
  type HttpNamespaceAttributes,
  type HttpNamespaceProps,
  type IHttpNamespace,
} from "./cloud-map/http-namespace";
export {
  PrivateZone,
  type AliasTarget,
  type IPrivateZone,
  type PrivateZoneAttributes,
  type PrivateZoneProps,
} from "./cloud-map/private-zone";
export {
  ServiceDiscovery,
  type DnsRecordType,
  type IServiceDiscovery,
  type RoutingPolicy,
  type ServiceDiscoveryAttributes,
  type ServiceDiscoveryProps,
} from "./cloud-map/service-discovery";

export {
  Ec2Capacity,
  type Ec2CapacityAttributes,
  type Ec2CapacityProps,
  type IEc2Capacity,
} from "./compute/ec2-capacity";
export type { CpuArchitecture } from "./compute/ec2-instance-type";
export {
  EcsCluster,
  type ContainerInsights,
  type EcsClusterAttributes,
  type EcsClusterProps,
  type ExecuteCommandLogging,
  type IEcsCluster,
} from "./compute/ecs-cluster";

export {
  Listener,
  type IListener,
  type ListenerAttributes,
  type ListenerProps,
} from "./load-balancing/listener";
export { ListenerRule, type ListenerRuleProps } from "./load-balancing/listener-rule";
export {
  LoadBalancer,
  type ILoadBalancer,
  type LoadBalancerAttributes,
  type LoadBalancerProps,
  type LoadBalancerScheme,
} from "./load-balancing/load-balancer";
export {
  TargetGroup,
  type TargetGroupHealthCheck,
  type TargetGroupProps,
} from "./load-balancing/target-group";
