import { spawn, type ChildProcess } from "node:child_process";
import { devNull } from "node:os";
import { join } from "node:path";

/** The emulator's server; it wraps moto and closes the gaps that Terraform would fall into. */
export const EMULATOR_SERVER = join(__dirname, "emulator", "server.py");
export const EMULATED_REGION = "us-east-1";

const READY = /^Emulated AWS listens on (http:\/\/\S+)$/m;
const START_TIMEOUT_MS = 60_000;

export interface EmulatorOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** Prints every request. @default false */
  readonly verbose?: boolean;
}

/** Emulated AWS in a process of its own, on a loopback address. It ends with this process at the latest. */
export class Emulator {
  /** Starts it and waits until it answers. @throws Error with what it printed where it does not start */
  public static start(options: EmulatorOptions = {}): Promise<Emulator> {
    const args = [EMULATOR_SERVER, "--port", `${options.port ?? 0}`, "--exit-with-stdin"];
    // it ends at the end of its standard input, which is there as soon as this process is gone
    const child = spawn(python(), options.verbose ? [...args, "--verbose"] : args, {
      stdio: ["pipe", "pipe", "pipe"],
    });
    return new Promise((resolve, reject) => {
      let printed = "";
      const fail = (reason: string): void => {
        clearTimeout(timer);
        child.kill("SIGKILL");
        reject(new Error(`the emulator ${reason}\n${printed.trim()}`));
      };
      const timer = setTimeout(
        () => fail(`does not answer after ${START_TIMEOUT_MS / 1000} s`),
        START_TIMEOUT_MS,
      );
      child.on("error", (error) => fail(`cannot be started: ${error.message}`));
      child.on("exit", (code) => fail(`ended with exit code ${code}`));
      child.stderr.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        if (options.verbose) process.stderr.write(chunk);
      });
      child.stdout.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        const endpoint = READY.exec(printed)?.[1];
        if (endpoint === undefined) return;
        clearTimeout(timer);
        child.removeAllListeners("exit");
        resolve(new Emulator(endpoint, child));
      });
    });
  }

  private constructor(
    /** For example `http://127.0.0.1:41234`. */
    public readonly endpoint: string,
    private readonly child: ChildProcess,
  ) {}

  /** What Terraform and the AWS SDKs must find in the environment to talk to it and to nothing else. */
  public get environment(): NodeJS.ProcessEnv {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_SESSION_TOKEN: undefined,
      AWS_REGION: EMULATED_REGION,
      AWS_DEFAULT_REGION: EMULATED_REGION,
      // a profile on this machine must not lead to a real account
      AWS_PROFILE: undefined,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** Resolves when the process has ended. */
  public get ended(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => this.child.once("exit", () => resolve()));
  }

  /** Ends it and waits for that. */
  public async stop(): Promise<void> {
    this.child.stdin?.end();
    await this.ended;
  }
}

/** The Python that moto is installed for. */
export function python(): string {
  return process.env.PYTHON ?? "python3";
}
