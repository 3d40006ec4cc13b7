import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import type { EcsServiceNetworkConfiguration } from "@cdktf/provider-aws/lib/ecs-service";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Fn, Token, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { snakeCase } from "../../core/framework/address";
import { InvalidInputError } from "../../core/framework/check";
import { resolved } from "../../core/framework/resolved";
import { warnUnless } from "../../core/framework/warnings";
import { allowHttps, ANYWHERE } from "../../core/network/https-egress";
import { checkSecurityGroups, checkSubnets, checkVpcId } from "../../core/network/network-ids";
import { isPublicSubnet } from "../../core/network/public-subnets";
import { OpenPort, SecurityGroup, withGroup, type PortOpening } from "../../core/network/security-group";
import { ecsService } from "../../rules/ecs-service";
import { network } from "../../rules/network";
import type { Entrance } from "../calls/endpoint";
import { NFS_PORT, type TaskNetwork } from "./task-network";

export interface ServiceNetworkProps {
  readonly serviceName: string;
  /** Must be given; undefined is refused with words. */
  readonly subnets?: readonly string[];
  /** @default - looked up from the first subnet when Terraform plans */
  readonly vpcId?: string;
  /** Groups beside the service's own. @default - none */
  readonly securityGroups?: readonly string[];
  /** Where tasks may connect to by HTTPS. @default ["0.0.0.0/0"] */
  readonly httpsEgressCidrBlocks?: readonly string[];
  /** @default false */
  readonly assignPublicIp?: boolean;
}

/**
 * What a service's awsvpc tasks let in and where they may connect to: a security group of their own and its rules.
 * @throws InvalidInputError where no subnets are given
 */
export class ServiceNetwork implements TaskNetwork {
  public readonly networkMode = "awsvpc";
  public readonly vpcId: string;
  public readonly securityGroupId: string;
  public readonly networkConfiguration: EcsServiceNetworkConfiguration;
  /** All rules of the service's group and the rules that let it in elsewhere. */
  public readonly rules: TerraformResource[] = [];
  private readonly opened = new Set<string>();

  public constructor(
    private readonly scope: Construct,
    private readonly props: ServiceNetworkProps,
  ) {
    const { serviceName, subnets, securityGroups } = props;
    if (subnets === undefined) {
      throw new InvalidInputError({ scope, property: "subnets", value: subnets }, network.subnets);
    }
    checkSubnets(scope, "subnets", subnets);
    const hasWayOut = (isAddressed: boolean): boolean =>
      isAddressed || !subnets.some((id) => isPublicSubnet(scope, id));
    const { assignPublicIp = false } = props;
    warnUnless(scope, "assignPublicIp", assignPublicIp, hasWayOut, ecsService.publicSubnets);
    checkSecurityGroups(scope, "securityGroups", securityGroups);
    checkVpcId(scope, "vpcId", props.vpcId);
    this.vpcId = props.vpcId ?? new DataAwsSubnet(scope, "subnet", { id: firstOf(subnets) }).vpcId;
    this.securityGroupId = new SecurityGroup(scope, "security_group", {
      vpcId: this.vpcId,
      purpose: serviceName,
      description: `Tasks of ${serviceName}`,
    }).securityGroupId;
    this.rules.push(...allowHttps(scope, this.securityGroupId, props.httpsEgressCidrBlocks));
    this.networkConfiguration = {
      subnets: [...subnets],
      securityGroups: withGroup(securityGroups, this.securityGroupId),
      assignPublicIp,
    };
  }

  public openService({ name, securityGroupId, port, toPort }: Entrance & { readonly name: string }): void {
    const description = `${this.props.serviceName} calls ${name}`;
    this.openTo(`to_${snakeCase(name)}`, { to: securityGroupId, port, toPort, description });
  }

  public openFileSystem(securityGroupId: string | undefined): void {
    const description = `${this.props.serviceName} mounts the file system`;
    if (securityGroupId !== undefined)
      this.openTo("to_efs", { to: securityGroupId, port: NFS_PORT, description });
    else if (this.isNew(`${ANYWHERE}:${NFS_PORT}`)) {
      const rule = new VpcSecurityGroupEgressRule(this.scope, this.freeId("to_efs"), {
        securityGroupId: this.securityGroupId,
        cidrIpv4: ANYWHERE,
        ipProtocol: "tcp",
        fromPort: NFS_PORT,
        toPort: NFS_PORT,
        description,
      });
      this.rules.push(rule);
    }
  }

  public openToLoadBalancer(
    _name: string,
    securityGroupId: string,
    containerPort: number,
  ): readonly TerraformResource[] {
    return new OpenPort(this.scope, "from_load_balancer", {
      from: securityGroupId,
      to: this.securityGroupId,
      port: containerPort,
      description: `Load balancer of ${this.props.serviceName}`,
    }).rules;
  }

  private openTo(id: string, opening: Omit<PortOpening, "from">): void {
    const { to, port, toPort = port } = opening;
    if (!this.isNew(`${resolved(this.scope, to)}:${port}-${toPort}`)) return;
    const opened = new OpenPort(this.scope, this.freeId(id), { ...opening, from: this.securityGroupId });
    this.rules.push(...opened.rules);
  }

  private isNew(target: string): boolean {
    const isNew = !this.opened.has(target);
    this.opened.add(target);
    return isNew;
  }

  private freeId(id: string): string {
    return this.scope.node.tryFindChild(id) === undefined ? id : `${id}_${this.opened.size}`;
  }
}

function firstOf(subnets: readonly string[]): string {
  return Token.isUnresolved(subnets) ? Token.asString(Fn.element(subnets, 0)) : (subnets[0] ?? "");
}
