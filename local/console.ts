import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** Prints a line. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a heading of the transcript. */
export function heading(text: string): void {
  say(`\n== ${text}`);
}

/** Rows as columns, the first row being their titles. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(rows[0] ?? []), rule, ...rows.slice(1).map(line)].map((text) => `  ${text}`).join("\n");
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where all of its output goes. */
  readonly log: string;
  /** Is shown every complete line, without colours. */
  readonly onLine?: (line: string) => void;
}

/** Runs a command, logs what it prints and throws with the end of that where it fails. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  mkdirSync(dirname(options.log), { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = createWriteStream(options.log);
    let rest = "";
    const take = (chunk: Buffer): void => {
      log.write(chunk);
      const lines = (rest + withoutColours(chunk.toString())).split("\n");
      rest = lines.pop() ?? "";
      if (options.onLine) lines.forEach(options.onLine);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (code) => {
      log.end(() => {
        if (code === 0) resolve();
        else
          reject(
            new Error(
              `${[command, ...args].join(" ")} ended with exit code ${code}:\n\n${endOf(options.log)}`,
            ),
          );
      });
    });
  });
}

function endOf(log: string): string {
  const lines = withoutColours(readFileSync(log, "utf8")).split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .slice(-60)
    .join("\n");
}

function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- colours and cursor movements are control sequences
  return text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}
