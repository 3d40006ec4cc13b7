import { join } from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ServiceDiscovery } from "@aws-sdk/client-servicediscovery";
import { TerraformFolder } from "../../testing/terraform-folder";
import { clientConfig } from "../aws-client";
import { cloudMapOf } from "../dns/cloud-map";
import { dig, type Dig } from "../dns/dig";
import type { ServiceName } from "../dns/server";
import { Emulator } from "../emulator-process";
import { createNetwork, type Network } from "../network";
import type { PageEvent, PageQuery, PageService, PageState } from "../page/page-state";
import { PageServer } from "../page/page-server";
import { TaskRunner, type LocalImages, type Machine, type TaskEvent } from "../tasks";
import { EcsClient } from "../tasks/ecs-client";
import { probeMachine } from "../tasks/machine";
import { readRules } from "../tasks/network/ec2-api";
import { Watchdog } from "../tasks/watchdog";
import { together } from "../together";
import { useTools, type ToolsOptions } from "../tools";
import { buildApps } from "./apps";
import { awsForTasks } from "./aws-for-tasks";
import { callsOf } from "./calls";
import { Cdktf, type ResourceDone } from "./cdktf";
import { Footprint, type Leftovers } from "./footprint";
import { appUserMayRead, ownImages } from "./images";
import { Latest } from "./latest";
import { leftInAws } from "./left-in-aws";
import { notesOf } from "./notes";
import { RequestCounts } from "./request-counts";
import { startResolver, type Resolver } from "./resolver";
import { servicesOf, stateOf } from "./state";
import { until } from "./until";

export interface LocalPlatformOptions {
  /** A key of `STACKS`. */
  readonly stack: string;
  /** Folder of everything that is left on disk. */
  readonly scratch: string;
  /** Beside the project's own. @default - none */
  readonly images?: LocalImages;
  /** For the app and for Terraform, for example `TTL` or `TF_VAR_<name>`. @default - none */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether stock-service begins with the quotes of its sample. @default false */
  readonly sampleData?: boolean;
  /** Of the page. @default 0, a free one */
  readonly port?: number;
  /** What ECS's own waits are multiplied by. @default 0.1 */
  readonly timeScale?: number;
  /** Whether a task may call another only where their security groups allow it, where the machine allows that. @default true */
  readonly enforceSecurityGroups?: boolean;
  readonly onEvent?: (event: TaskEvent) => void;
  /** Ends everything that is being waited for; `stop()` does the rest. */
  readonly signal?: AbortSignal;
}

const QUERIES = 50;
const EVENTS = 100;

/**
 * A stack on this machine: deployed by Terraform to emulated AWS, its tasks run as processes, its names answered by DNS,
 * and a page that shows it.
 */
export class LocalPlatform {
  public readonly cdktf: Cdktf;
  private readonly requests = new RequestCounts();
  private readonly queries = new Latest<PageQuery>(QUERIES);
  private readonly events = new Latest<PageEvent>(EVENTS);
  private readonly watchdog = new Watchdog();
  private readonly footprint = new Footprint();
  /** Found out when it is started: probing takes processes. */
  private machine: Machine | undefined;
  private emulator: Emulator | undefined;
  private clients: { readonly ec2: EC2Client; readonly cloudMap: ServiceDiscovery } | undefined;
  private resolver: Resolver | undefined;
  private runner: TaskRunner | undefined;
  private page: PageServer | undefined;
  private network: Network | undefined;

  public constructor(private readonly options: LocalPlatformOptions) {
    const { stack, scratch, signal } = options;
    const { watchdog } = this;
    this.cdktf = new Cdktf({ stack, scratch, watchdog, signal, env: () => this.environment });
  }

  /**
   * Synthesizes the stack, and finds or fetches Terraform, the AWS provider and the emulator, at the same time.
   *
   * @throws MissingTools, or Error with what is wrong with the stack
   */
  public async prepare({ offline }: Pick<ToolsOptions, "offline"> = {}): Promise<void> {
    await together(this.options.signal, [
      (signal) => this.cdktf.synth(signal),
      (signal) => useTools({ offline, signal }),
    ]);
  }

  /**
   * Deploys the stack. Meanwhile it compiles the programs of `apps/` if they have changed, and starts each task as soon as its service
   * is made.
   *
   * @returns whether programs were compiled
   * @throws Error with the end of what a command has printed
   */
  public async deploy(onResource: (done: ResourceDone) => void): Promise<boolean> {
    const { scratch, signal: ended } = this.options;
    const log = join(scratch, "logs", "build.log");
    let built = false;
    await together(ended, [
      (signal) => this.cdktf.deploy(onResource, signal),
      async (signal) => {
        built = await buildApps({ log, watchdog: this.watchdog, signal });
        await this.startTasks();
      },
    ]);
    return built;
  }

  /** Starts emulated AWS with a network in it, the DNS server and the page. */
  public async start(): Promise<{
    readonly endpoint: string;
    readonly network: Network;
    readonly page: string;
  }> {
    const { scratch, port, signal, enforceSecurityGroups = true } = this.options;
    signal?.throwIfAborted();
    const machine = probeMachine(scratch);
    this.machine = {
      ...machine,
      switchesUser: machine.switchesUser && appUserMayRead(),
      enforcesSecurityGroups: machine.enforcesSecurityGroups && enforceSecurityGroups,
    };
    this.emulator = await Emulator.start();
    const { emulator } = this;
    this.network = await createNetwork(emulator);
    this.clients = { ec2: new EC2Client(clientConfig(emulator)), cloudMap: cloudMapOf(emulator) };
    this.resolver = await startResolver(this.clients.cloudMap, this.machine, scratch, (query) =>
      this.queries.add({ at: new Date().toISOString(), ...query }),
    );
    this.page = await PageServer.start({ port, state: () => this.state() });
    this.footprint.listener("emulated AWS", new URL(emulator.endpoint));
    this.footprint.listener("the page", new URL(this.page.url));
    this.footprint.listener("the DNS server", { hostname: this.dns.address, port: `${this.dns.port}` });
    return { endpoint: emulator.endpoint, network: this.network, page: this.page.url };
  }

  /** Starts the tasks of all services that the emulator has or will have. */
  private async startTasks(): Promise<void> {
    const { scratch, images, sampleData, timeScale = 0.1, onEvent } = this.options;
    const dnsServer = this.resolver?.tellTasks;
    const emulator = started(this.emulator);
    this.runner = await TaskRunner.start({
      emulator,
      scratch,
      images: { ...ownImages({ dnsServer, sampleData }), ...images },
      resolvConf: this.resolver?.resolvConf,
      nameServer: this.dns,
      ...awsForTasks(emulator),
      machine: this.machine,
      timeScale,
      pollMs: 500,
      onEvent: (event) => {
        const { at, type, message, service } = event;
        this.events.add({ at: at.toISOString(), type, message, service });
        if (type === "task-running") this.footprint.tasks(this.runner?.snapshot());
        onEvent?.(event);
      },
      onTaskLog: (log) => this.requests.take(log),
    });
  }

  /** What Terraform and the AWS SDKs must have in their environment. */
  public get environment(): NodeJS.ProcessEnv {
    const { emulator, network } = this;
    return {
      ...emulator?.environment,
      ...(network && {
        TF_VAR_vpc_id: network.vpcId,
        TF_VAR_subnets: JSON.stringify(network.subnetIds),
      }),
      ...this.options.env,
    };
  }

  /** The stack's folder, with Terraform in it. */
  public get terraform(): TerraformFolder {
    return new TerraformFolder(this.cdktf.folder, { ...this.environment, CHECKPOINT_DISABLE: "1" });
  }

  /** Calls of ECS, as the AWS command line and the console make them. */
  public get ecs(): EcsClient {
    return new EcsClient(started(this.emulator));
  }

  /** Where the DNS server is. */
  public get dns(): { readonly address: string; readonly port: number } {
    return started(this.resolver).server;
  }

  /** Asks the DNS server. */
  public dig(name: string, type: "A" | "SRV"): Promise<Dig> {
    return dig(name, type, { server: this.dns });
  }

  /** What is not as on AWS on this machine, a sentence each. */
  public get notes(): string[] {
    return notesOf(started(this.machine), this.resolver);
  }

  /** The services and their tasks at this moment, of which no API is asked. */
  public services(names?: readonly ServiceName[]): PageService[] {
    const { services } = this.runner?.snapshot() ?? { services: [] };
    this.requests.keep(new Set(services.flatMap(({ tasks }) => tasks.map(({ taskId }) => taskId))));
    return servicesOf({ services }, this.requests, names);
  }

  /** Everything at this moment. @throws what AWS's APIs throw */
  public async state(): Promise<PageState> {
    const rules = this.clients ? await readRules(this.clients.ec2) : [];
    const names = (await this.resolver?.server.names()) ?? [];
    return stateOf({
      stack: this.options.stack,
      endpoint: this.emulator?.endpoint ?? "",
      dns: this.resolver ? `${this.dns.address}:${this.dns.port}` : "",
      notes: this.notes,
      services: this.services(names),
      names,
      calls: callsOf(this.runner?.snapshot().services ?? [], rules),
      queries: this.queries.newestFirst,
      events: this.events.newestFirst,
    });
  }

  /** Waits until every service has its tasks, healthy and in Cloud Map. @throws Error with the latest events */
  public async settled(what = "all tasks are healthy and in Cloud Map"): Promise<PageState> {
    const isDone = ({ desiredCount, readyCount, deployment, tasks }: PageService): boolean =>
      readyCount === desiredCount &&
      deployment === "COMPLETED" &&
      tasks.filter(({ status }) => status === "PENDING" || status === "RUNNING").length === desiredCount;
    await this.until(what, () => {
      const services = this.services();
      return services.length > 0 && services.every(isDone);
    });
    return await this.state();
  }

  /** Waits, at most two minutes, and says what happened latest where it was in vain. */
  public until<T>(
    what: string,
    ask: () => T | undefined | false | Promise<T | undefined | false>,
  ): Promise<T> {
    const latest = (): string =>
      this.events.newestFirst
        .slice(0, 15)
        .map(({ message }) => `  ${message}`)
        .join("\n");
    return until(what, ask, {
      signal: this.options.signal,
      hint: () => `the latest events, the newest first:\n${latest()}`,
    });
  }

  /** What of a deployment is left in emulated AWS. */
  public leftInAws(): Promise<string[]> {
    return leftInAws(started(this.emulator));
  }

  /** What of all that ran here is left, and what is gone. To be asked after `stop()`. */
  public leftOnMachine(): Promise<Leftovers> {
    return this.footprint.check();
  }

  /** Ends it all at once: no task has time to stop. May be called at any time. */
  public async stop(): Promise<void> {
    await this.page?.stop();
    await this.runner?.stop({ fast: true });
    await this.resolver?.server.stop();
    this.clients?.cloudMap.destroy();
    this.clients?.ec2.destroy();
    await this.emulator?.stop();
    await this.watchdog.stop();
  }
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("the platform was not started");
  return part;
}
