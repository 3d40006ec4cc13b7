import { ProcessGroup } from "../../../local/tasks/process-group";
import type { Watchdog } from "../../../local/tasks/watchdog";
import { ADDRESS, providerFile } from "./provider-mirror";

const REATTACH = /TF_REATTACH_PROVIDERS='(.+)'/;
const PRINTED_AT_MOST = 4000;

/** How Terraform reaches a provider that runs already. */
export interface Reattach {
  readonly Addr: { readonly Network: string; readonly String: string };
  readonly [name: string]: unknown;
}

/**
 * A process of the AWS provider that waits for Terraform, and ends with this process at the latest.
 * @see https://developer.hashicorp.com/terraform/plugin/debugging
 */
export class ProviderProcess {
  /** @throws Error with what it printed if it does not start */
  public static async start(environment: NodeJS.ProcessEnv, watchdog: Watchdog): Promise<ProviderProcess> {
    let printed = "";
    let found: (reattach: Reattach) => void = () => undefined;
    const listening = new Promise<Reattach>((resolve) => (found = resolve));
    const group = await ProcessGroup.start(
      {
        argv: [providerFile(), "-debug"],
        cwd: "/",
        env: defined({ ...process.env, ...environment }),
        onLine: (line) => {
          printed = `${printed}${line}\n`.slice(-PRINTED_AT_MOST);
          const json = REATTACH.exec(line)?.[1];
          const reattach = json && (JSON.parse(json) as Record<string, Reattach>)[ADDRESS];
          if (reattach) found(reattach);
        },
      },
      watchdog,
    );
    const ended = group.exited.then(({ code, signal }): never => {
      throw new Error(`the AWS provider ended with ${signal ?? `exit code ${code}`}\n${printed}`);
    });
    const reattach = await Promise.race([listening, ended]);
    ended.catch(() => undefined);
    return new ProviderProcess(group, reattach);
  }

  private constructor(
    private readonly group: ProcessGroup,
    public readonly reattach: Reattach,
  ) {}

  public get pid(): number {
    return this.group.pid;
  }

  /** Kills it and waits for that. */
  public async stop(): Promise<void> {
    this.group.kill();
    await this.group.exited;
  }
}

function defined(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
