import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const ROOT = join(__dirname, "..", "..");
export const PIPELINES = join(ROOT, "examples", "pipelines");
export const ENVIRONMENTS = ["dev", "staging", "production"] as const;
export const WORKFLOWS = ["synth", "plan", "apply", "drift", "destroy"] as const;

export function read(path: string): string {
  return readFileSync(join(PIPELINES, path), "utf8");
}

/** A step of a job of a GitHub workflow. */
export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean | number>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

export interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly strategy?: { readonly "max-parallel"?: number; readonly matrix: { environment: string[] } };
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
  readonly "timeout-minutes"?: number;
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

export function workflow(name: (typeof WORKFLOWS)[number]): Workflow {
  return parse(read(`github-actions/.github/workflows/${name}.yml`)) as Workflow;
}

/** @throws Error where the workflow has no such job */
export function job(name: (typeof WORKFLOWS)[number], id: string): Job {
  const found = workflow(name).jobs[id];
  if (found === undefined) throw new Error(`${name}.yml has no job ${id}`);
  return found;
}

/** A job of `.gitlab-ci.yml`. */
export interface GitlabJob {
  readonly extends?: string;
  readonly stage?: string;
  readonly image?: string | { readonly name: string };
  readonly needs?: readonly string[];
  readonly rules?: readonly { readonly if?: string; readonly when?: string }[];
  readonly environment?: { readonly name: string };
  readonly resource_group?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly after_script?: readonly string[];
  readonly artifacts?: {
    readonly paths: readonly string[];
    readonly expire_in: string;
    readonly access?: string;
    readonly reports?: Readonly<Record<string, string>>;
  };
}

/** The jobs and templates of `.gitlab-ci.yml`, with what each takes over from the template that it extends. */
export function gitlabJobs(): Readonly<Record<string, GitlabJob>> {
  const file = parse(read("gitlab/.gitlab-ci.yml")) as Record<string, GitlabJob>;
  const globals = ["stages", "variables", "workflow"];
  const whole = (job: GitlabJob): GitlabJob => {
    const template = job.extends === undefined ? undefined : file[job.extends];
    if (template === undefined) return job;
    const base = whole(template);
    return { ...base, ...job, variables: { ...base.variables, ...job.variables } };
  };
  return Object.fromEntries(
    Object.entries(file)
      .filter(([name]) => !globals.includes(name))
      .map(([name, job]) => [name, whole(job)]),
  );
}

/** A step of a workflow of Atlantis. */
export interface AtlantisStep {
  readonly env?: { readonly name: string; readonly command: string };
  readonly run?: string | { readonly command: string; readonly output?: string };
}

export interface AtlantisServer {
  readonly repos: readonly Readonly<Record<string, unknown>>[];
  readonly workflows: Readonly<
    Record<string, Readonly<Record<"plan" | "apply", { readonly steps: readonly AtlantisStep[] }>>>
  >;
}

export function atlantisServer(): AtlantisServer {
  return parse(read("atlantis/repos.yaml")) as AtlantisServer;
}
