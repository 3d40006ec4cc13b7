import type { EcsService as AwsEcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { Construct } from "constructs";
import { check } from "../../core/framework/check";
import { resolved } from "../../core/framework/resolved";
import { serviceConnect } from "../../rules/service-connect";
import type { ServiceConnectProxy } from "../task/service-connect-proxy";

/** The one Service Connect namespace that an ECS service may be in, as a server or as a mere client. */
export class ServiceConnectMembership {
  /** @param namespaceArn of the namespace that the service is a server in */
  public constructor(
    private readonly scope: Construct,
    private readonly service: AwsEcsService,
    private readonly proxy: ServiceConnectProxy,
    private namespaceArn: string | undefined,
  ) {}

  /** Refuses it where the service is in another namespace or has no memory left for the proxy */
  public checkJoin(namespaceArn: string | undefined): void {
    if (namespaceArn === undefined) return;
    const { namespaceArn: joined } = this;
    if (joined === undefined) {
      this.proxy.checkRoom();
      return;
    }
    const own = resolved(this.scope, joined);
    check(this.scope, "Service Connect namespace", resolved(this.scope, namespaceArn), (arn) => arn === own, {
      ...serviceConnect.oneNamespace,
      allowed: `${serviceConnect.oneNamespace.allowed}, here ${own}`,
    });
  }

  /** Makes the service a client of the namespace. What is in it already, as a server or as a client, stays as it is. */
  public join(namespaceArn: string | undefined): void {
    this.checkJoin(namespaceArn);
    if (namespaceArn === undefined || this.namespaceArn !== undefined) return;
    this.service.putServiceConnectConfiguration({
      enabled: true,
      namespace: namespaceArn,
      logConfiguration: this.proxy.add(),
    });
    this.namespaceArn = namespaceArn;
  }
}
