/** What the code of a stack has around it: an app's stack with a network, a cluster and two services. */
import { TerraformStack } from "cdktf";
import type {
  EcsCluster,
  EcsService,
  EcsServiceProps,
  ICloudMapNamespace,
  IDnsNamespace,
  IEcr,
  IEfs,
  ILoadBalancer,
  ITaskExecutionRole,
  IPrivateZone,
} from "../../../modules";

export { AwsProvider } from "@cdktf/provider-aws/lib/provider";
export { App, TerraformStack, type TerraformElement } from "cdktf";
export { Construct } from "constructs";
export * from "../../../modules";
export { givenNetwork } from "../../../stacks/given-network";

export abstract class Base extends TerraformStack {}
/** What `this` is in a constructor. */
export type This = TerraformStack & { readonly stockService: EcsService };

/** What `...` leaves out of the inputs of a service. */
export declare const elided: Omit<EcsServiceProps, "discovery">;

export declare const vpcId: string;
export declare const subnets: string[];
export declare const securityGroups: string[];
export declare const ecsCluster: EcsCluster;
export declare const ecsClusterId: string;
export declare const efs: IEfs;
export declare const efsFileSystemId: string;
export declare const iam: ITaskExecutionRole;
export declare const ecsTaskExecutionRoleArn: string;
export declare const stockEcr: IEcr;
export declare const signalEcr: IEcr;
export declare const ecrRepositoryUrl: string;
export declare const namespace: IDnsNamespace & { readonly namespaceArn: string };
export declare const namespaceId: string;
export declare const http: ICloudMapNamespace;
export declare const internal: ILoadBalancer;
export declare const zone: IPrivateZone;
export declare const onCallTopicArn: string;
export declare const stock: EcsService;
export declare const stockService: EcsService;
export declare const signal: EcsService;
export declare const products: EcsService;
export declare const orders: EcsService;
export declare const services: EcsService[];
