import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_STACK, STACKS } from "./stacks";
import { BACKEND_TYPES, type BackendConfig } from "./stacks/backend";

/** What is synthesized, and where its state is kept. */
export interface Configuration {
  /** Names of the stacks, each a key of `STACKS`. */
  readonly stacks: readonly string[];
  readonly backend: BackendConfig;
}

/** Thrown for a configuration that cannot be used; its message names the setting and what it may be. */
export class ConfigurationError extends Error {
  public override readonly name = "ConfigurationError";
}

const REQUIRED: Readonly<Record<BackendConfig["type"], readonly string[]>> = {
  local: [],
  s3: ["bucket"],
  cloud: ["organization"],
  none: [],
};

/**
 * Reads the configuration: the environment variables `STACKS` and `BACKEND`, otherwise the context in `cdktf.json`.
 * `STACKS` is `all` or names joined by commas; `BACKEND` is a type (`none`) or an object as in `cdktf.json`.
 * @throws ConfigurationError
 */
export function readConfiguration(env: NodeJS.ProcessEnv, projectFolder: string): Configuration {
  const context = readContext(env, projectFolder);
  return {
    stacks: parseStacks(env.STACKS ?? context.stacks ?? DEFAULT_STACK),
    backend: parseBackend(env.BACKEND ?? context.backend ?? "local"),
  };
}

/** The CDKTF command line passes the context on; without it the file is read here. */
function readContext(env: NodeJS.ProcessEnv, projectFolder: string): Record<string, unknown> {
  const fromCommandLine = env.CDKTF_CONTEXT_JSON;
  if (fromCommandLine) return JSON.parse(fromCommandLine) as Record<string, unknown>;
  const file = JSON.parse(readFileSync(join(projectFolder, "cdktf.json"), "utf8")) as {
    context?: Record<string, unknown>;
  };
  return file.context ?? {};
}

function parseStacks(given: unknown): string[] {
  const known = Object.keys(STACKS);
  const names = String(given)
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 1 && names[0] === "all") return known;
  const unknown = names.filter((name) => !known.includes(name));
  if (names.length > 0 && unknown.length === 0) return [...new Set(names)];
  throw new ConfigurationError(
    `STACKS is ${JSON.stringify(given)}\n` +
      `    allowed: all, or names joined by commas: ${known.join(", ")}\n` +
      `    mend:    correct STACKS, or "stacks" in the context of cdktf.json`,
  );
}

function parseBackend(given: unknown): BackendConfig {
  const backend = typeof given === "string" ? backendFromText(given) : given;
  if (isBackend(backend)) return backend;
  throw new ConfigurationError(
    `BACKEND is ${typeof given === "string" ? given : JSON.stringify(given)}\n` +
      `    allowed: local, none, or an object such as {"type":"s3","bucket":"..."} or {"type":"cloud","organization":"..."}\n` +
      `    mend:    correct BACKEND, or "backend" in the context of cdktf.json; docs/backends.md shows each`,
  );
}

function backendFromText(text: string): unknown {
  if (!text.trim().startsWith("{")) return { type: text.trim() };
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isBackend(x: unknown): x is BackendConfig {
  if (typeof x !== "object" || x === null || !("type" in x)) return false;
  const type = BACKEND_TYPES.find((known) => known === x.type);
  if (type === undefined) return false;
  return REQUIRED[type].every((key) => {
    const value = (x as Record<string, unknown>)[key];
    return typeof value === "string" && value !== "";
  });
}
