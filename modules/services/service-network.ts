import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Token, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { snakeCase } from "../core/address";
import { check } from "../core/check";
import { isCidrBlock } from "../core/network-ids";
import { resolved } from "../core/resolved";
import { OpenPort, SecurityGroup } from "../core/security-group";

const ANYWHERE = "0.0.0.0/0";
const HTTPS_PORT = 443;
const NFS_PORT = 2049;

export interface ServiceNetworkProps {
  readonly serviceName: string;
  readonly vpcId: string;
  /** Where tasks may connect to by HTTPS. @default ["0.0.0.0/0"] */
  readonly httpsEgressCidrBlocks?: readonly string[];
}

/** What a service's tasks let in and where they may connect to: a security group of their own and its rules. */
export class ServiceNetwork {
  public readonly securityGroupId: string;
  /** All rules of the service's group and the rules that let it in elsewhere. */
  public readonly rules: TerraformResource[] = [];
  private readonly opened = new Set<string>();

  /** @throws InvalidInputError for something that is no VPC or no CIDR block */
  public constructor(
    private readonly scope: Construct,
    private readonly props: ServiceNetworkProps,
  ) {
    const { serviceName, vpcId, httpsEgressCidrBlocks = [ANYWHERE] } = props;
    check(scope, "httpsEgressCidrBlocks", httpsEgressCidrBlocks, areCidrBlocks, {
      allowed: 'different IPv4 networks such as "10.0.0.0/16", the bits behind the prefix being 0',
      mend: 'give the networks where the interface endpoints are, or leave it out for "0.0.0.0/0"',
      source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html",
    });
    this.securityGroupId = new SecurityGroup(scope, "security_group", {
      vpcId,
      purpose: serviceName,
      description: `Tasks of ${serviceName}`,
    }).securityGroupId;
    httpsEgressCidrBlocks.forEach((block, index) => {
      const id =
        block === ANYWHERE ? "https" : `https_${Token.isUnresolved(block) ? index : snakeCase(block)}`;
      this.allowEgress(id, block, HTTPS_PORT, "Image, log and secret APIs of AWS");
    });
  }

  /** Opens one port of another service for this one; doing it twice is doing it once. */
  public openService(serviceName: string, securityGroupId: string, port: number): void {
    const description = `${this.props.serviceName} calls ${serviceName}`;
    this.openPort(`to_${snakeCase(serviceName)}`, securityGroupId, port, description);
  }

  /** Lets the tasks mount a file system. Where its group is not known, only this side can be opened. */
  public openFileSystem(securityGroupId: string | undefined): void {
    const description = `${this.props.serviceName} mounts the file system`;
    if (securityGroupId !== undefined) this.openPort("to_efs", securityGroupId, NFS_PORT, description);
    else if (this.isNew(`${ANYWHERE}:${NFS_PORT}`))
      this.allowEgress("to_efs", ANYWHERE, NFS_PORT, description);
  }

  private openPort(id: string, securityGroupId: string, port: number, description: string): void {
    if (!this.isNew(`${resolved(this.scope, securityGroupId)}:${port}`)) return;
    const opening = { from: this.securityGroupId, to: securityGroupId, port, description };
    this.rules.push(...new OpenPort(this.scope, this.freeId(id), opening).rules);
  }

  private allowEgress(id: string, cidrIpv4: string, port: number, description: string): void {
    const rule = new VpcSecurityGroupEgressRule(this.scope, this.freeId(id), {
      securityGroupId: this.securityGroupId,
      cidrIpv4,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description,
    });
    this.rules.push(rule);
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

function areCidrBlocks(blocks: readonly string[]): boolean {
  return (
    new Set(blocks).size === blocks.length &&
    blocks.every((block) => Token.isUnresolved(block) || isCidrBlock(block))
  );
}
