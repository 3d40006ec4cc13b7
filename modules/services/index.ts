export type { AutoScaling, AutoScalingSchedule, AutoScalingTargets, CapacityRange } from "./auto-scaling-props";
export type { ArticleServiceProps } from "./article-service";
export { CallGraph } from "./call-graph";
export type { Capacity, CapacityProviderShare } from "./capacity";
export { CloudMapApi, type CloudMapApiProps } from "./cloud-map-api";
export { CloudMapDns, type CloudMapDnsProps } from "./cloud-map-dns";
export type { ContainerProps, HealthCheck, PortMapping } from "./container";
export type { Deployment } from "./deployment";
export type { DiscoverableService, DiscoveryBinding, IDiscovery } from "./discovery";
export { EcsService } from "./ecs-service";
export type { ConnectOptions, EcsServiceAttributes, EcsServiceProps } from "./ecs-service-props";
export type { Call, CallerRequirements, Endpoint, Entrance, IConnectable } from "./endpoint";
export { LoadBalanced, type LoadBalancedProps } from "./load-balanced";
export { Observability } from "./observability";
export type { ObservabilityProps, ServiceAlarms, ServiceLogMetric } from "./observability-props";
export type { PlacementConstraint, PlacementProps, PlacementStrategy } from "./placement";
export { SignalProcessingService, type SignalProcessingServiceProps } from "./signal-processing-service";
export { StockDataService, type StockDataServiceProps } from "./stock-data-service";
export { TaskDefinition } from "./task-definition";
export type { LogDestination, MountOptions, TaskDefinitionProps } from "./task-definition-props";
export type { NetworkMode, TaskNetwork } from "./task-network";
export { ServiceConnect } from "./service-connect";
export type {
  ServiceConnectClientAlias,
  ServiceConnectNamespace,
  ServiceConnectProps,
  ServiceConnectTimeouts,
  ServiceConnectTls,
} from "./service-connect-props";
export type { ProxyLogConfiguration, ServiceConnectProxy } from "./service-connect-proxy";
