import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlatformPart } from "./modules/core/framework/platform";
import { MAX_QUALIFIER } from "./modules/rules/platform";
import { DEFAULT_STACK, STACKS, type StackConfiguration } from "./stacks";
import { BACKEND_TYPES, type BackendConfig } from "./stacks/backend";

/** What is synthesized, where its state is kept, and what all stacks are configured with. */
export interface Configuration extends StackConfiguration {
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

/** What Cloud Map takes as a TTL. */
const MAX_TTL = 2147483647;

/**
 * Reads the configuration: environment variables, otherwise what the context in `cdktf.json` has under the same name in
 * lower case.
 *
 * - `STACKS` is `all` or names joined by commas;
 * - `BACKEND` is a type (`none`) or an object as in `cdktf.json`;
 * - `PREFIX` and `ENVIRONMENT` are parts of all names, `ENVIRONMENT` a tag too: see docs/environments.md;
 * - `TAGS` is a JSON object of texts, an object in `cdktf.json`, for everything that can be tagged;
 * - `REPOSITORIES_OF` is another environment, whose images `trading-platform` runs;
 * - `TTL` is in whole seconds. The stack `trading-platform` takes it; the others have a fixed TTL, or none.
 * - `OBSERVABILITY` is `true`, `false` or `with-dns-queries`, for `trading-platform`: see docs/observability.md.
 * @throws ConfigurationError
 */
export function readConfiguration(env: NodeJS.ProcessEnv, projectFolder: string): Configuration {
  const context = readContext(env, projectFolder);
  return {
    stacks: parseStacks(env.STACKS ?? context.stacks ?? DEFAULT_STACK),
    backend: parseBackend(env.BACKEND ?? context.backend ?? "local"),
    prefix: parsePart("PREFIX", env.PREFIX ?? context.prefix),
    environment: parsePart("ENVIRONMENT", env.ENVIRONMENT ?? context.environment),
    tags: parseTags(env.TAGS ?? context.tags),
    repositoriesOf: parsePart("REPOSITORIES_OF", env.REPOSITORIES_OF ?? context.repositories_of),
    ttl: parseTtl(env.TTL ?? context.ttl),
    observability: parseObservability(env.OBSERVABILITY ?? context.observability),
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
  return text.trim().startsWith("{") ? objectFromText(text) : { type: text.trim() };
}

function objectFromText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsePart(name: string, given: unknown): string | undefined {
  if (given === undefined || (typeof given === "string" && isPlatformPart(given))) return given;
  throw new ConfigurationError(
    `${name} is ${JSON.stringify(given)}\n` +
      `    allowed: 1 to ${MAX_QUALIFIER} lower case letters and digits, beginning with a letter; single hyphens between them\n` +
      `    mend:    correct ${name}, or "${name.toLowerCase()}" in the context of cdktf.json; leave both out for none`,
  );
}

function parseTags(given: unknown): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  const tags = typeof given === "string" ? objectFromText(given) : given;
  if (isTags(tags)) return tags;
  throw new ConfigurationError(
    `TAGS is ${typeof given === "string" ? given : JSON.stringify(given)}\n` +
      `    allowed: an object of texts such as {"CostCenter":"4711","Owner":"platform-team"}\n` +
      `    mend:    correct TAGS, which is JSON, or "tags" in the context of cdktf.json`,
  );
}

function isTags(x: unknown): x is Record<string, string> {
  if (typeof x !== "object" || x === null || Array.isArray(x)) return false;
  return Object.values(x).every((value) => typeof value === "string");
}

function parseTtl(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const text = typeof given === "string" || typeof given === "number" ? String(given).trim() : "";
  // digits alone: Number() also takes "1e3", "0x10" and nothing at all
  const ttl = /^\d+$/.test(text) ? Number(text) : NaN;
  if (ttl <= MAX_TTL) return ttl;
  throw new ConfigurationError(
    `TTL is ${JSON.stringify(given)}\n` +
      `    allowed: a whole number of seconds from 0 to ${MAX_TTL}\n` +
      `    mend:    correct TTL, or "ttl" in the context of cdktf.json; without either, each stack has its own`,
  );
}

function parseObservability(given: unknown): StackConfiguration["observability"] {
  if (given === undefined || typeof given === "boolean") return given;
  if (given === "true" || given === "false") return given === "true";
  if (given === "with-dns-queries") return given;
  throw new ConfigurationError(
    `OBSERVABILITY is ${JSON.stringify(given)}\n` +
      `    allowed: true, false or with-dns-queries\n` +
      `    mend:    correct OBSERVABILITY, or "observability" in the context of cdktf.json; docs/observability.md says what each makes`,
  );
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
