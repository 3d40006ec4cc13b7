export { CallGraph } from "./calls/call-graph";
export type { Call, CallerRequirements, Endpoint, Entrance, IConnectable } from "./calls/endpoint";

export type { NetworkMode, TaskNetwork } from "./networking/task-network";

export type { ContainerProps, HealthCheck, PortMapping } from "./task/container";
export type { ProxyLogConfiguration, ServiceConnectProxy } from "./task/service-connect-proxy";
export { TaskDefinition } from "./task/task-definition";
export type { LogDestination, MountOptions, TaskDefinitionProps } from "./task/task-definition-props";

export { CloudMapApi, type CloudMapApiProps } from "./discovery/cloud-map-api";
export { CloudMapDns, type CloudMapDnsProps } from "./discovery/cloud-map-dns";
export type { DiscoverableService, DiscoveryBinding, IDiscovery } from "./discovery/discovery";
export { LoadBalanced, type LoadBalancedProps } from "./discovery/load-balanced";
export { ServiceConnect } from "./discovery/service-connect";
export type {
  ServiceConnectClientAlias,
  ServiceConnectNamespace,
  ServiceConnectProps,
  ServiceConnectTimeouts,
  ServiceConnectTls,
} from "./discovery/service-connect-props";

export type {
  AutoScaling,
  AutoScalingSchedule,
  AutoScalingTargets,
  CapacityRange,
} from "./ecs-service/auto-scaling-props";
export type { Capacity, CapacityProviderShare } from "./ecs-service/capacity";
export type { Deployment } from "./ecs-service/deployment";
export { EcsService } from "./ecs-service/ecs-service";
export type { ConnectOptions, EcsServiceAttributes, EcsServiceProps } from "./ecs-service/ecs-service-props";
export type { PlacementConstraint, PlacementProps, PlacementStrategy } from "./ecs-service/placement";

export { Observability } from "./observability/observability";
export type {
  ObservabilityProps,
  ServiceAlarms,
  ServiceLogMetric,
} from "./observability/observability-props";

export type { ArticleServiceProps } from "./article/article-service";
export {
  SignalProcessingService,
  type SignalProcessingServiceProps,
} from "./article/signal-processing-service";
export { StockDataService, type StockDataServiceProps } from "./article/stock-data-service";
