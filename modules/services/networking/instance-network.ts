import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import type { IEc2Capacity } from "../../core/compute/ec2-capacity";
import { snakeCase } from "../../core/framework/address";
import { check, refuse } from "../../core/framework/check";
import { ec2 } from "../../rules/ec2";
import type { Entrance } from "../calls/endpoint";
import { NFS_PORT, type TaskNetwork } from "./task-network";

/** The ports that Linux gives out by itself, on the images that AWS makes for ECS. */
const EPHEMERAL = { port: 32768, toPort: 65535 };
/** SSH and Docker are there; the container agent has ports above. */
const RESERVED = [22, 2375, 2376];

export interface InstanceNetworkProps {
  /** Port of the instance that leads to the first container. @default - a free port, another for each task */
  readonly hostPort?: number;
  /** Rejected: the instance has subnets of its own. */
  readonly subnets?: readonly string[];
  /** Rejected: the instance has security groups of its own. */
  readonly securityGroups?: readonly string[];
  /** Rejected: the instance's group decides where its tasks may connect to. */
  readonly httpsEgressCidrBlocks?: readonly string[];
  /** Rejected unless false: the instance has the address. */
  readonly assignPublicIp?: boolean;
}

/**
 * The network of bridge tasks, which is that of their instance: its security group, and ports of it that lead to the
 * containers. What is opened for one service on the instances is open for all of them.
 * Synthesis is refused for what only tasks with a network interface of their own have
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-networkmode-bridge.html
 */
export class InstanceNetwork implements TaskNetwork {
  public readonly networkMode = "bridge";
  public readonly vpcId: string;
  public readonly securityGroupId: string;
  public readonly entrance: Entrance;
  public readonly hostPort?: number;
  public readonly rules: TerraformResource[] = [];

  public constructor(
    private readonly scope: Construct,
    private readonly instances: IEc2Capacity,
    props: InstanceNetworkProps,
  ) {
    checkProps(scope, props);
    this.vpcId = instances.vpcId;
    this.securityGroupId = instances.securityGroupId;
    this.hostPort = props.hostPort;
    this.entrance = {
      securityGroupId: instances.securityGroupId,
      ...(props.hostPort === undefined
        ? // one way in to all services on the instances: its rules are called after these, whichever is called first
          { ...EPHEMERAL, name: instances.name }
        : { port: props.hostPort }),
    };
  }

  public openService({ name, securityGroupId, port, toPort }: Entrance & { readonly name: string }): void {
    this.open(`to_${snakeCase(name)}`, {
      from: this.securityGroupId,
      to: securityGroupId,
      port,
      toPort,
      description: `Tasks on ${this.instances.name} call ${name}`,
    });
  }

  public openFileSystem(securityGroupId: string | undefined): void {
    // without its group only the other side can be opened, and that is the file system's owner's
    if (securityGroupId === undefined) {
      const property = "file system securityGroupId";
      refuse({ scope: this.scope, property, value: securityGroupId }, ec2.bridgeFileSystem);
      return;
    }
    this.open("to_efs", {
      from: this.securityGroupId,
      to: securityGroupId,
      port: NFS_PORT,
      description: `Tasks on ${this.instances.name} mount the file system`,
    });
  }

  public openToLoadBalancer(name: string, securityGroupId: string): readonly TerraformResource[] {
    const { port, toPort } = this.entrance;
    const id = `from_${snakeCase(name)}`;
    return this.open(toPort === undefined ? `${id}_${port}` : id, {
      from: securityGroupId,
      to: this.securityGroupId,
      port,
      toPort,
      description: `Load balancer ${name}`,
    });
  }

  private open(id: string, opening: Parameters<IEc2Capacity["openPort"]>[2]): readonly TerraformResource[] {
    const rules = this.instances.openPort(this.scope, id, opening);
    this.rules.push(...rules);
    return rules;
  }
}

function checkProps(scope: Construct, props: InstanceNetworkProps): void {
  const { subnets, securityGroups, httpsEgressCidrBlocks, assignPublicIp } = props;
  const ofInterface = { subnets, securityGroups, httpsEgressCidrBlocks, assignPublicIp };
  for (const [property, given] of Object.entries(ofInterface)) {
    check(scope, property, given, (value) => value === false, ec2.bridgeInterface);
  }
  const isFree = (port: number): boolean =>
    Number.isInteger(port) && port >= 1 && port < EPHEMERAL.port && !RESERVED.includes(port);
  check(scope, "hostPort", props.hostPort, isFree, ec2.hostPort);
}
