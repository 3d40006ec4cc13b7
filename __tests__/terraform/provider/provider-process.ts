import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ProcessGroup } from "../../../local/tasks/process-group";
import type { Watchdog } from "../../../local/tasks/watchdog";

/** The provider's address in Terraform's registry. */
export const ADDRESS = "registry.terraform.io/hashicorp/aws";
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

/** The provider that was installed for all tests. */
function providerFile(): string {
  const folder = join(process.env.TEST_PROVIDERS ?? "", ".terraform", "providers", ADDRESS);
  for (const version of readdirSync(folder)) {
    for (const platform of readdirSync(join(folder, version))) {
      const files = readdirSync(join(folder, version, platform));
      const name = files.find((file) => file.startsWith("terraform-provider-aws"));
      if (name !== undefined) return join(folder, version, platform, name);
    }
  }
  throw new Error(`there is no AWS provider in ${folder}`);
}

function defined(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
