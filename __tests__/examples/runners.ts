import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { AtlantisStep, GitlabJob, Job } from "./files";
import { PIPELINE_PROGRAMS } from "./programs";

/** They run Terraform, too. */
const TOOLS = [...PIPELINE_PROGRAMS, "terraform"];

export interface Ran {
  readonly exitCode: number;
  /** What it printed, to both streams, without colours. */
  readonly output: string;
}

/** A machine of a pipeline: a folder to work in and a PATH with the tools that the examples name, without Node. */
export class Machine {
  public readonly folder = mkdtempSync(join(tmpdir(), "pipeline-"));
  private readonly bin = join(this.folder, "bin");
  private readonly home = join(this.folder, "home");

  /** @param stubs shell programs by name, for what is not there: `gh`, `git`, `apk` */
  public constructor(stubs: Readonly<Record<string, string>> = {}) {
    for (const path of [this.bin, this.home]) mkdirSync(path, { mode: 0o700 });
    for (const tool of TOOLS) {
      const path = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
      if (path !== "") symlinkSync(path, join(this.bin, tool));
    }
    for (const [name, body] of Object.entries(stubs))
      writeFileSync(join(this.bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }

  /** A new folder to work in. */
  public checkout(): string {
    return mkdtempSync(join(this.folder, "job-"));
  }

  /** Runs a script as a pipeline does. What the environment says is all that it knows. */
  public run(
    [shell = "sh", ...flags]: readonly string[],
    script: string,
    cwd: string,
    environment: NodeJS.ProcessEnv,
  ): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const child = spawn(join(this.bin, shell), [...flags, "-c", script], {
        cwd,
        env: {
          PATH: this.bin,
          HOME: this.home,
          TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE,
          TF_CLI_ARGS_init: process.env.TF_CLI_ARGS_init,
          CHECKPOINT_DISABLE: "1",
          ...environment,
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve({ exitCode: code ?? 1, output: stripVTControlCharacters(output) }));
    });
  }

  /** Removes all of it; gpg leaves an agent behind, which is ended. */
  public dispose(): void {
    spawnSync("gpgconf", ["--homedir", join(this.home, ".gnupg"), "--kill", "all"]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What GitHub keeps between the jobs of a run. */
export class Artifacts {
  public constructor(private readonly folder: string) {}

  public upload(name: string, cwd: string, paths: readonly string[]): void {
    const target = join(this.folder, name);
    mkdirSync(target, { recursive: true });
    for (const path of paths) cpSync(join(cwd, path), join(target, basename(path)));
  }

  public download(name: string, cwd: string): void {
    if (!existsSync(join(this.folder, name))) throw new Error(`there is no artifact ${name}`);
    cpSync(join(this.folder, name), cwd, { recursive: true });
  }

  public names(): string[] {
    return readdirSync(this.folder);
  }
}

export interface GithubContext {
  readonly machine: Machine;
  readonly artifacts: Artifacts;
  readonly cwd: string;
  /** Values of the expressions between `${{` and `}}`. One that is missing is an error. */
  readonly expressions: Readonly<Record<string, string>>;
  /** What actions leave in the environment: credentials, region. */
  readonly environment: NodeJS.ProcessEnv;
  /** Names of steps that are left out. */
  readonly without?: readonly string[];
}

/** Runs the steps of a job as GitHub does; stops after the first that fails. */
export async function runGithubJob(job: Job, context: GithubContext): Promise<Ran & { summary: string }> {
  const { machine, artifacts, cwd, environment } = context;
  const expressions = { ...context.expressions };
  const [summary, outputs] = [join(cwd, ".summary"), join(cwd, ".outputs")];
  for (const file of [summary, outputs]) writeFileSync(file, "");
  const fill = (text: string): string =>
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => valueOf(expressions, expression));
  const filled = (env: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(env).map(([name, text]) => [name, fill(text)]));
  let output = "";
  for (const step of job.steps ?? []) {
    if (context.without?.includes(step.name ?? "")) continue;
    if (step.if !== undefined && valueOf(expressions, step.if) !== "true") continue;
    const name = fill(String(step.with?.name ?? ""));
    if (step.uses?.startsWith("actions/upload-artifact@")) {
      artifacts.upload(name, cwd, fill(String(step.with?.path)).trim().split("\n"));
    } else if (step.uses?.startsWith("actions/download-artifact@")) {
      const pattern = new RegExp(`^${String(step.with?.pattern ?? name).replace("*", ".*")}$`);
      const found = artifacts.names().filter((each) => pattern.test(each));
      if (found.length === 0) throw new Error(`there is no artifact ${pattern.source}`);
      for (const each of found) artifacts.download(each, cwd);
    } else if (step.run !== undefined) {
      const ran = await machine.run(["bash", "--noprofile", "--norc", "-eo", "pipefail"], step.run, cwd, {
        ...environment,
        ...filled(job.env),
        ...filled(step.env),
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: outputs,
      });
      output += ran.output;
      for (const [, key = "", value = ""] of readFileSync(outputs, "utf8").matchAll(/^(\w+)=(.*)$/gm))
        expressions[`steps.${step.id}.outputs.${key}`] = value;
      if (ran.exitCode !== 0)
        return { exitCode: ran.exitCode, output, summary: readFileSync(summary, "utf8") };
    }
  }
  return { exitCode: 0, output, summary: readFileSync(summary, "utf8") };
}

function valueOf(expressions: Readonly<Record<string, string>>, expression: string): string {
  const comparison = /^(\S+) == '(\w+)'$/.exec(expression);
  if (comparison) return String(expressions[comparison[1] ?? ""] === comparison[2]);
  const value = expressions[expression];
  if (value === undefined) throw new Error(`the test gives no value for \${{ ${expression} }}`);
  return value;
}

/** Runs the scripts of a job as GitLab does: `before_script` and `script` in one shell, then `after_script`. */
export async function runGitlabJob(
  job: GitlabJob,
  { machine, cwd, environment }: { machine: Machine; cwd: string; environment: NodeJS.ProcessEnv },
): Promise<Ran> {
  const known: Record<string, string | undefined> = { CI_PROJECT_DIR: cwd, CI_JOB_ID: "1", ...environment };
  const variables = Object.fromEntries(
    Object.entries(job.variables ?? {}).map(([name, text]) => [
      name,
      text.replace(/\$(\w+)/g, (_, key: string) => known[key] ?? ""),
    ]),
  );
  const env = { ...known, ...variables };
  const lines = [...(job.before_script ?? []), ...(job.script ?? [])];
  const ran = await machine.run(["bash", "-eo", "pipefail"], lines.join("\n"), cwd, env);
  const after = await machine.run(["bash"], (job.after_script ?? []).join("\n"), cwd, env);
  return { exitCode: ran.exitCode, output: ran.output + after.output };
}

/** Runs the steps of a stage as Atlantis does, each in the project's folder. */
export async function runAtlantisSteps(
  steps: readonly AtlantisStep[],
  { machine, cwd, environment }: { machine: Machine; cwd: string; environment: NodeJS.ProcessEnv },
): Promise<Ran> {
  const env = { ...environment };
  let output = "";
  for (const { env: variable, run } of steps) {
    const script = variable?.command ?? (typeof run === "string" ? run : run?.command) ?? "";
    const ran = await machine.run(["sh"], script, cwd, env);
    if (variable !== undefined) {
      env[variable.name] = ran.output.trim();
      continue;
    }
    output += ran.output;
    if (ran.exitCode !== 0) return { exitCode: ran.exitCode, output };
  }
  return { exitCode: 0, output };
}
