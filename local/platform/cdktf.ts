import { join } from "node:path";
import { runCommand, type CommandOptions } from "../command";
import type { Watchdog } from "../tasks/watchdog";

const PROJECT = join(__dirname, "..", "..");
const CDKTF = require.resolve("cdktf-cli/bundle/bin/cdktf");
/** For example `aws_ecs_service.stock_service: Creation complete after 1s [id=...]`. */
const PROGRESS = /(\S+): (Creation|Destruction|Modifications) complete after (\S+)/;

export interface CdktfOptions {
  readonly stack: string;
  /** Folder of everything that it writes: `cdktf.out`, the state, logs. */
  readonly scratch: string;
  /** What leads Terraform to the emulator, and the configuration of the app. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly watchdog: Watchdog;
  readonly signal?: AbortSignal;
}

/** A resource that is done. */
export interface ResourceDone {
  /** For example `aws_ecs_service.stock_service`. */
  readonly address: string;
  /** As Terraform prints it, for example `11s`. */
  readonly duration: string;
}

/** Runs this project's app and the `cdktf` command line for one stack, with the state in a folder of its own. */
export class Cdktf {
  private readonly output: string;

  public constructor(private readonly options: CdktfOptions) {
    this.output = join(options.scratch, "cdktf.out");
  }

  /** Where the stack's Terraform configuration is. */
  public get folder(): string {
    return join(this.output, "stacks", this.options.stack);
  }

  /**
   * Writes the configuration. It takes only Node.
   *
   * @param signal kills it. @default - the signal of the options
   * @throws Error with what is wrong with the configuration
   */
  public async synth(signal = this.options.signal): Promise<void> {
    const env = { CDKTF_OUTDIR: this.output };
    await this.run("synth", [process.execPath, "--import", "tsx", "main.ts"], { env, signal });
  }

  /**
   * @param signal kills it. @default - the signal of the options
   * @throws Error with the end of what it printed
   */
  public async deploy(onResource: (done: ResourceDone) => void, signal = this.options.signal): Promise<void> {
    await this.command("deploy", onResource, signal);
  }

  /** @throws Error with the end of what it printed */
  public async destroy(onResource: (done: ResourceDone) => void): Promise<void> {
    await this.command("destroy", onResource, this.options.signal);
  }

  private async command(
    command: "deploy" | "destroy",
    onResource: (done: ResourceDone) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { stack } = this.options;
    const flags = ["--auto-approve", "--skip-synth", "--skip-provider-lock", "--output", this.output];
    await this.run(command, [process.execPath, CDKTF, command, stack, ...flags], {
      signal,
      onLine: (line) => {
        const [, address, , duration] = PROGRESS.exec(line) ?? [];
        if (address !== undefined && duration !== undefined) onResource({ address, duration });
      },
    });
  }

  private async run(
    name: string,
    argv: readonly string[],
    { env, ...options }: Pick<CommandOptions, "env" | "onLine" | "signal">,
  ): Promise<void> {
    const { stack, scratch, watchdog } = this.options;
    const quiet = { CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1" };
    await runCommand(argv, {
      cwd: PROJECT,
      env: { ...this.options.env(), ...quiet, STACKS: stack, BACKEND: "local", ...env },
      log: join(scratch, "logs", `${name}.log`),
      watchdog,
      ...options,
    });
  }
}
