import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ProcessGroup } from "../../../local/tasks/process-group";
import { Watchdog } from "../../../local/tasks/watchdog";
import { ProviderProxy } from "./provider-proxy";

const ADDRESS = "registry.terraform.io/hashicorp/aws";
const REATTACH = /TF_REATTACH_PROVIDERS='(.+)'/;
const PRINTED_AT_MOST = 4000;

/** How Terraform finds a provider that runs already, by the provider's address. */
type Reattach = Readonly<Record<string, { readonly Addr: { readonly String: string } }>>;

/**
 * The AWS provider, started once and kept for many Terraform commands: each of them would start it anew, compare its
 * checksum, which reads 640 MB, and read the schemas of 1,500 resources.
 * It ends with this process at the latest, however that ends.
 * @see https://developer.hashicorp.com/terraform/plugin/debugging
 */
export class KeptProvider {
  /**
   * Starts it with what it is to find in its environment: it reads its own, not Terraform's. Certificates of an
   * `AWS_CA_BUNDLE` are left out, with which it can be configured once only.
   *
   * @throws Error with what it printed if it does not start
   */
  public static async start(environment: NodeJS.ProcessEnv): Promise<KeptProvider> {
    const watchdog = new Watchdog();
    let printed = "";
    let found: (reattach: Reattach) => void = () => undefined;
    const listening = new Promise<Reattach>((resolve) => (found = resolve));
    const group = await ProcessGroup.start(
      {
        argv: [providerFile(), "-debug"],
        cwd: "/",
        env: defined({ ...process.env, ...environment, AWS_CA_BUNDLE: undefined }),
        onLine: (line) => {
          printed = `${printed}${line}\n`.slice(-PRINTED_AT_MOST);
          const json = REATTACH.exec(line)?.[1];
          if (json !== undefined) found(JSON.parse(json) as Reattach);
        },
      },
      watchdog,
    );
    const ended = group.exited.then(({ code, signal }): never => {
      throw new Error(`the AWS provider ended with ${signal ?? `exit code ${code}`}\n${printed}`);
    });
    try {
      const reattach = await Promise.race([listening, ended]);
      ended.catch(() => undefined);
      const proxy = await ProviderProxy.start(reattach[ADDRESS]?.Addr.String ?? "");
      return new KeptProvider(group, watchdog, proxy, reattach);
    } catch (error) {
      await watchdog.stop();
      throw error;
    }
  }

  private constructor(
    private readonly group: ProcessGroup,
    private readonly watchdog: Watchdog,
    private readonly proxy: ProviderProxy,
    private readonly reattach: Reattach,
  ) {}

  /** Of its process. */
  public get pid(): number {
    return this.group.pid;
  }

  /** What Terraform must find in its environment to use it. */
  public get environment(): NodeJS.ProcessEnv {
    const Addr = { Network: "tcp", String: this.proxy.address };
    return { TF_REATTACH_PROVIDERS: JSON.stringify({ [ADDRESS]: { ...this.reattach[ADDRESS], Addr } }) };
  }

  /** Ends it and waits for that. */
  public async stop(): Promise<void> {
    this.proxy.stop();
    this.group.kill();
    await this.group.exited;
    await this.watchdog.stop();
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
