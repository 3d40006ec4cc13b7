export { addressCollisions, snakeCase, terraformAddress } from "./address";
export { InvalidInputError } from "./check";
export { checkFindings, InvalidAppError } from "./findings";
export { acknowledge, warningsOf } from "./warnings";
export {
  ApiServiceDiscovery,
  type ApiServiceDiscoveryProps,
  type ICloudMapNamespace,
} from "./api-service-discovery";
export { ContainerImage } from "./container-image";
export {
  DnsNamespace,
  type DnsNamespaceAttributes,
  type DnsNamespaceProps,
  type IDnsNamespace,
} from "./dns-namespace";
export { Ecr, type EcrAttributes, type EcrProps, type IEcr } from "./ecr";
export { EcrLifecyclePolicy, type EcrExpiry, type EcrImageSelection } from "./ecr-lifecycle";
export {
  Ec2Capacity,
  type Ec2CapacityAttributes,
  type Ec2CapacityProps,
  type IEc2Capacity,
} from "./ec2-capacity";
export type { DnsQueryLogProps } from "./dns-query-log";
export type { CpuArchitecture } from "./ec2-instance-type";
export {
  EcsCluster,
  type ContainerInsights,
  type EcsClusterAttributes,
  type EcsClusterProps,
  type ExecuteCommandLogging,
  type IEcsCluster,
} from "./ecs-cluster";
export { EcsTasksRole, ImportedRole, type EcsTasksRoleProps, type IGrantee } from "./ecs-tasks-role";
export { Efs, type EfsAttributes, type EfsProps, type IEfs } from "./efs";
export {
  EfsAccessPoint,
  type EfsAccessPointAttributes,
  type EfsAccessPointProps,
  type IEfsAccessPoint,
} from "./efs-access-point";
export { Iam, type IamAttributes, type ITaskExecutionRole } from "./iam";
export {
  HttpNamespace,
  type HttpNamespaceAttributes,
  type HttpNamespaceProps,
  type IHttpNamespace,
} from "./http-namespace";
export { Listener, type IListener, type ListenerAttributes, type ListenerProps } from "./listener";
export { ListenerRule, type ListenerRuleProps } from "./listener-rule";
export {
  LoadBalancer,
  type ILoadBalancer,
  type LoadBalancerAttributes,
  type LoadBalancerProps,
  type LoadBalancerScheme,
} from "./load-balancer";
export type { LogMetric } from "./log-metric-filter";
export type { LogRetentionDays } from "./log-retention";
export type { NatGateways } from "./nat-gateways";
export type { AlarmActions } from "./metric-alarm";
export { Network, type NetworkProps } from "./network";
export type { INetwork, NetworkAttributes } from "./network-attributes";
export type { OneOf } from "./one-of";
export { Platform, type PlatformProps } from "./platform";
export type { Tags } from "./tags";
export type { Principal, Statement } from "./policy";
export {
  PrivateZone,
  type AliasTarget,
  type IPrivateZone,
  type PrivateZoneAttributes,
  type PrivateZoneProps,
} from "./private-zone";
export { Secret, type SecretsManagerOptions, type SsmParameterOptions } from "./secret";
export { OpenPort, SecurityGroup, type PortOpening, type SecurityGroupProps } from "./security-group";
export {
  ServiceDiscovery,
  type DnsRecordType,
  type IServiceDiscovery,
  type RoutingPolicy,
  type ServiceDiscoveryAttributes,
  type ServiceDiscoveryProps,
} from "./service-discovery";
export { TargetGroup, type TargetGroupHealthCheck, type TargetGroupProps } from "./target-group";
export { VpcEndpoints, type VpcEndpointService, type VpcEndpointsProps } from "./vpc-endpoints";
