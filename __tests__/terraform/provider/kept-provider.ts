import { Watchdog } from "../../../local/tasks/watchdog";
import { endWithJest } from "../end-with-jest";
import { ADDRESS } from "./provider-mirror";
import { ProviderProcess } from "./provider-process";
import { ProviderProxy } from "./provider-proxy";

/**
 * The AWS provider, started once and kept for many Terraform commands: each of them would start it anew, compare its
 * checksum, which reads 640 MB, and read the schemas of 1,500 resources.
 *
 * What Terraform would start as processes of their own are such here, too, for a provider has one configuration: while
 * one is in use, another is started for who comes next.
 */
export class KeptProvider {
  /**
   * Starts it with what it is to find in its environment: it reads its own, not Terraform's. Certificates of an
   * `AWS_CA_BUNDLE` are left out, with which it can be configured once only.
   *
   * @throws Error with what it printed if it does not start
   */
  public static async start(environment: NodeJS.ProcessEnv): Promise<KeptProvider> {
    endWithJest();
    const kept = new KeptProvider({ ...environment, AWS_CA_BUNDLE: undefined });
    try {
      kept.idle.push(await kept.startProcess());
      kept.proxy = await ProviderProxy.start(kept);
    } catch (error) {
      await kept.stop();
      throw error;
    }
    return kept;
  }

  private readonly watchdog = new Watchdog();
  private readonly processes: ProviderProcess[] = [];
  private readonly idle: ProviderProcess[] = [];
  private proxy: ProviderProxy | undefined;

  private constructor(private readonly inEnvironment: NodeJS.ProcessEnv) {}

  /** What Terraform must find in its environment to use it. */
  public get environment(): NodeJS.ProcessEnv {
    const Addr = { Network: "tcp", String: this.proxy?.address };
    return {
      TF_REATTACH_PROVIDERS: JSON.stringify({ [ADDRESS]: { ...this.processes[0]?.reattach, Addr } }),
    };
  }

  /** Of its processes. */
  public get pids(): number[] {
    return this.processes.map(({ pid }) => pid);
  }

  /** A process that nobody else uses until it is given back. */
  public async take(): Promise<ProviderProcess> {
    return this.idle.pop() ?? (await this.startProcess());
  }

  public giveBack(process: ProviderProcess): void {
    this.idle.push(process);
  }

  /** Ends it and waits for that. */
  public async stop(): Promise<void> {
    this.proxy?.stop();
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.watchdog.stop();
  }

  private async startProcess(): Promise<ProviderProcess> {
    const process = await ProviderProcess.start(this.inEnvironment, this.watchdog);
    this.processes.push(process);
    return process;
  }
}
