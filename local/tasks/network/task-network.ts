import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { EcsService } from "../ecs-api";
import type { Watchdog } from "../watchdog";
import type { Ec2Api, Subnet } from "./ec2-api";
import { AWS, NetworkHelper, type HelperCommand, type Listening, type Way } from "./network-helper";
import { letsOut, openPorts, type Peer, type PortRange } from "./security-groups";

export interface TaskNetworkOptions {
  readonly ec2: Ec2Api;
  readonly watchdog: Watchdog;
  /** @default - tasks reach no name server */
  readonly nameServer: Listening | undefined;
  /** The API of AWS, emulated on this machine. @default - tasks do not reach it */
  readonly aws: Listening | undefined;
  /** Of a way that cannot be opened: why, and the id of the task that it is about. */
  readonly onProblem: (problem: string, taskId: string) => void;
}

/** A task that is to have a network of its own. */
export interface Member {
  readonly taskId: string;
  readonly address: string;
  /** Those that it serves datagrams on; where it listens for connections is seen. */
  readonly udpPorts: readonly number[];
  readonly service: EcsService;
  /** Is told that nobody reaches it any more. */
  onLost(how: string): void;
}

const HTTPS = 443;

/**
 * The networks of all tasks, each of which reaches others where their security groups allow it. What is allowed is what
 * EC2's API said last; a task keeps the groups that its service had when it started. As on AWS, a rule that is taken away
 * ends no connection that is there, and no rule is asked for questions to the name server. The API of AWS is reached
 * by tasks that a rule lets connect to port 443, which is its port on AWS.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
 */
export class TaskNetwork {
  private helper: Promise<NetworkHelper> | undefined;
  private readonly members = new Map<string, { readonly member: Member; readonly peer: Peer }>();
  private rules: readonly SecurityGroupRule[] = [];
  /** Neither changes for as long as there is a service in it. */
  private readonly subnets = new Map<string, Subnet>();
  private readonly defaults = new Map<string, string>();
  private allowed = "[]";
  private helperPid: number | undefined;

  public constructor(private readonly options: TaskNetworkOptions) {}

  /** Of the one process that all of it is made by. */
  public get pid(): number | undefined {
    return this.helperPid;
  }

  /** Reads what is allowed now, for these services. @throws what EC2's API throws */
  public async read(services: readonly EcsService[]): Promise<void> {
    const { ec2 } = this.options;
    for (const id of services.flatMap((service) => configurationOf(service).subnets)) {
      const subnet = this.subnets.get(id) ?? (await ec2.describeSubnet(id));
      this.subnets.set(id, subnet);
      if (!this.defaults.has(subnet.vpcId))
        this.defaults.set(subnet.vpcId, await ec2.defaultSecurityGroup(subnet.vpcId));
    }
    const rules = await ec2.securityGroupRules();
    if (JSON.stringify(rules) === JSON.stringify(this.rules)) return;
    this.rules = rules;
    await this.allow();
  }

  /** Makes the network of a task. Returns the path of its namespace. @throws Error where the system makes none */
  public async join(member: Member): Promise<string> {
    const { taskId, address, udpPorts, service } = member;
    const helper = await this.started();
    const { namespace = "" } = await helper.obey({ command: "add", task: taskId, address, udp: udpPorts });
    this.members.set(taskId, { member, peer: this.peerOf(service) });
    await this.allow();
    return namespace;
  }

  /** Nobody reaches it from now on, and it reaches nobody. */
  public async leave(taskId: string): Promise<void> {
    if (!this.members.delete(taskId)) return;
    await this.tell({ command: "remove", task: taskId });
    await this.allow();
  }

  /** Resolves when every port that is listened on now can be called, and no other. */
  public async look(): Promise<void> {
    await this.tell({ command: "look" });
  }

  /** To be called when no task is left. */
  public async stop(): Promise<void> {
    const helper = await this.helper?.catch(() => undefined);
    await helper?.stop();
    this.options.ec2.close();
  }

  private async allow(): Promise<void> {
    const ways = this.ways();
    const allowed = JSON.stringify(ways);
    if (allowed === this.allowed) return;
    this.allowed = allowed;
    await this.tell({ command: "allow", ways });
  }

  /** Where there is no helper, there is no task either, or it is about to end. */
  private async tell(command: HelperCommand): Promise<void> {
    const helper = await this.helper?.catch(() => undefined);
    await helper?.obey(command).catch(() => undefined);
  }

  private ways(): Way[] {
    const all = [...this.members];
    const toTasks = all.flatMap(([from, { peer: caller }]) =>
      all.flatMap(([to, { peer: callee }]) => {
        if (from === to) return [];
        const tcp = openPorts(this.rules, caller, callee, "tcp");
        const udp = openPorts(this.rules, caller, callee, "udp");
        return tcp.length + udp.length > 0 ? [{ from, to, tcp, udp }] : [];
      }),
    );
    const { aws } = this.options;
    if (!aws) return toTasks;
    const tcp: PortRange[] = [[aws.port, aws.port]];
    const callers = all.filter(([, { peer }]) => letsOut(this.rules, peer, HTTPS));
    return [...toTasks, ...callers.map(([from]) => ({ from, to: AWS, tcp, udp: [] }))];
  }

  private peerOf(service: EcsService): Peer {
    const { subnets, securityGroups } = configurationOf(service);
    const known = subnets.flatMap((id) => this.subnets.get(id) ?? []);
    return {
      cidrs: known.map(({ cidr }) => cidr),
      securityGroups:
        securityGroups.length > 0
          ? securityGroups
          : known.flatMap(({ vpcId }) => this.defaults.get(vpcId) ?? []),
    };
  }

  private async started(): Promise<NetworkHelper> {
    const { watchdog, nameServer, aws, onProblem } = this.options;
    const onLost = (how: string): void => this.lost(how);
    this.helper ??= NetworkHelper.start({ watchdog, nameServer, aws, onProblem, onLost }).catch(
      (error: unknown) => {
        this.helper = undefined;
        throw error;
      },
    );
    const helper = await this.helper;
    this.helperPid = helper.pid;
    return helper;
  }

  /** The next task makes another helper. */
  private lost(how: string): void {
    this.helper = undefined;
    this.allowed = "[]";
    for (const { member } of this.members.values()) member.onLost(how);
    this.members.clear();
  }
}

function configurationOf({ networkConfiguration }: EcsService): {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
} {
  const { subnets = [], securityGroups = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
  return { subnets, securityGroups };
}
