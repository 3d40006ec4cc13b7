import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ScriptError } from "../commands";
import { isObject, type JsonObject } from "./json";

/** A resource as it is configured; with `for_each`, all its instances. */
export interface ConfiguredResource {
  /** `aws_efs_mount_target.efs`. */
  readonly address: string;
  readonly type: string;
  readonly body: JsonObject;
}

/** The resources of a synthesized stack, by their addresses. */
export type Configuration = ReadonlyMap<string, ConfiguredResource>;

/** @throws ScriptError where the folder has no synthesized stack */
export function readConfiguration(folder: string): Configuration {
  const file = join(folder, "cdk.tf.json");
  try {
    return parseConfiguration(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ScriptError(`there is no synthesized stack: ${(error as Error).message}`, {
      mend: "run `npm run synth` first; --to names the folder of another stack",
    });
  }
}

export function parseConfiguration(text: string): Configuration {
  const { resource } = JSON.parse(text) as JsonObject;
  const configuration = new Map<string, ConfiguredResource>();
  for (const [type, byName] of Object.entries(isObject(resource) ? resource : {})) {
    for (const [name, body] of Object.entries(isObject(byName) ? byName : {})) {
      const address = `${type}.${name}`;
      if (isObject(body)) configuration.set(address, { address, type, body });
    }
  }
  return configuration;
}

/** The resource and the attribute that `${aws_efs_file_system.efs.id}` refers to; undefined for anything else. */
export function referenceIn(value: unknown): { address: string; attribute: string } | undefined {
  const found = typeof value === "string" ? /^\$\{(aws_\w+\.\w+)\.(\w+)\}$/.exec(value) : null;
  const [, address, attribute] = found ?? [];
  return address === undefined || attribute === undefined ? undefined : { address, attribute };
}

/** The variable that `${var.vpc_id}` stands for, also where more is added: `${concat(var.security_groups, [...])}`. */
export function variableIn(value: unknown): string | undefined {
  return typeof value === "string" ? /^\$\{(?:concat\()?var\.(\w+)(?:\}$|,)/.exec(value)?.[1] : undefined;
}

export function isKnown(value: unknown): boolean {
  return !JSON.stringify(value).includes("${");
}
