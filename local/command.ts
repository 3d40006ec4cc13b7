import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { ProcessGroup } from "./tasks/process-group";
import type { Watchdog } from "./tasks/watchdog";

export interface CommandOptions {
  readonly cwd: string;
  /** Beside the environment of this process; what is `undefined` is taken out of it. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where all of its output goes. */
  readonly log: string;
  /** Is shown every line, without colours. */
  readonly onLine?: (line: string) => void;
  /** Kills it and all that it has started where this process ends before it. */
  readonly watchdog: Watchdog;
  /** Kills it and all that it has started. */
  readonly signal?: AbortSignal;
}

const END_LINES = 60;

/**
 * Runs a command to its end and logs what it prints.
 *
 * @throws Error with the end of that where it fails, and the signal's reason where that ends it
 */
export async function runCommand(argv: readonly string[], options: CommandOptions): Promise<void> {
  const { cwd, log, signal, watchdog } = options;
  signal?.throwIfAborted();
  mkdirSync(dirname(log), { recursive: true });
  const file = createWriteStream(log);
  const group = await ProcessGroup.start(
    {
      argv,
      cwd,
      env: environment(options.env),
      onLine: (line) => {
        const plain = withoutColours(line);
        file.write(`${plain}\n`);
        options.onLine?.(plain);
      },
    },
    watchdog,
  );
  const kill = (): void => group.kill();
  signal?.addEventListener("abort", kill, { once: true });
  if (signal?.aborted) kill();
  const { code, signal: killedBy } = await group.exited;
  signal?.removeEventListener("abort", kill);
  await new Promise<void>((resolve) => file.end(() => resolve()));
  signal?.throwIfAborted();
  if (code === 0) return;
  const end = code === null ? `was killed by ${killedBy}` : `ended with exit code ${code}`;
  throw new Error(`${argv.join(" ")} ${end}:\n\n${endOf(log)}`);
}

function environment(more: NodeJS.ProcessEnv = {}): Record<string, string> {
  const all = Object.entries({ ...process.env, ...more });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function endOf(log: string): string {
  const lines = readFileSync(log, "utf8").split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .slice(-END_LINES)
    .join("\n");
}

function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- colours and cursor movements are control sequences
  return text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}
