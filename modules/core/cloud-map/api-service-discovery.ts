import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import type { Construct } from "constructs";
import { cloudMap } from "../../rules/cloud-map";
import { addressOf } from "../framework/address";
import { check, checkGiven } from "../framework/check";
import { Module } from "../framework/module";
import { checkDiscoveryName } from "../framework/names";
import { mayReferTo } from "../framework/stack-order";
import { argumentText } from "../framework/text";
import { checkNameIsFree } from "./service-discovery";

/** A Cloud Map namespace of any type, by what `DiscoverInstances` and Terraform know it by. */
export interface ICloudMapNamespace {
  /** For example `ns-1234567890abcdef`. */
  readonly namespaceId: string;
  /** For example `trading-platform`. */
  readonly namespaceName: string;
  /** Of an HttpNamespace, which has it. @default - unknown */
  readonly namespaceArn?: string;
  /**
   * What `DiscoverInstances` calls the namespace, as `aws servicediscovery get-namespace` shows it: `HttpProperties`.
   * @default - `namespaceName`
   */
  readonly httpName?: string;
}

export interface ApiServiceDiscoveryProps {
  /** An `HttpNamespace`, or a `DnsNamespace`, which gets no record then. */
  readonly namespace: ICloudMapNamespace;
  /** For example `stock-service`. Unique in the namespace, upper and lower case being one. */
  readonly serviceName: string;
  /**
   * What the entry is for, as the console shows it; 1024 characters at most.
   * @default - the name of the ECS service that is registered
   */
  readonly description?: string;
}

/**
 * An entry in Cloud Map that ECS keeps up to date with the running tasks and that is found by `DiscoverInstances` alone:
 * it has no record in DNS.
 * Synthesis is refused for a name that Cloud Map does not allow
 * @see https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
 */
export class ApiServiceDiscovery extends Module {
  /** ARN of the Cloud Map service, what `service_registries` wants. */
  public readonly registryArn: string;
  /** The Terraform attribute that changes when the entry is recreated. */
  public readonly replacementTrigger: string;

  public constructor(scope: Construct, id: string, props: ApiServiceDiscoveryProps) {
    super(scope, id);
    checkGiven(this, props, ["namespace", "serviceName"]);
    const { namespace, serviceName, description } = props;
    mayReferTo(this, "namespace", namespace);
    checkDiscoveryName(this, "serviceName", serviceName);
    check(this, "description", description, (text) => text.length <= 1024, cloudMap.description);
    checkNameIsFree(this, serviceName, namespace.namespaceId, namespace);
    const service = new ServiceDiscoveryService(this, "service", {
      name: serviceName,
      description: argumentText(description) ?? `Tasks of the ECS service ${serviceName}`,
      namespaceId: namespace.namespaceId,
      type: "HTTP",
      // exactly 1: another number is replaced on every plan, and without the block ECS cannot report on its tasks
      healthCheckCustomConfig: { failureThreshold: 1 },
      // the instances in it are ECS's tasks, which leave by themselves; without this they would block a destroy
      forceDestroy: true,
    });
    this.registryArn = service.arn;
    this.replacementTrigger = `${addressOf(service)}.id`;
  }
}
