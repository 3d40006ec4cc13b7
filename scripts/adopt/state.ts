import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { indented, ScriptError } from "../commands";
import { isObject, textOf, type Json, type JsonObject } from "./json";

/** One object that Terraform manages, as the state has it. */
export interface ExistingResource {
  /** With its modules and without its key: `module.efs.aws_efs_mount_target.mount_target`. */
  readonly address: string;
  readonly type: string;
  /** What `count` or `for_each` calls it. */
  readonly key?: string | number;
  readonly values: JsonObject;
}

/** `address["key"]`, as Terraform writes it. */
export function instanceAddress(address: string, key?: string | number): string {
  return key === undefined ? address : `${address}[${JSON.stringify(key)}]`;
}

/**
 * All managed resources of a state.
 * @param from a folder that Terraform was applied in; a file with what `terraform show -json` or `terraform state pull`
 * printed, or a state file; `-` for standard input
 * @throws ScriptError
 */
export function readState(from: string): readonly ExistingResource[] {
  const text = read(from);
  const resources = parseState(text);
  if (resources === undefined) {
    throw new ScriptError(`${from} is no state of Terraform's`, {
      allowed: "what `terraform show -json` or `terraform state pull` prints, or a folder that these work in",
      mend: "run `terraform state pull > old.tfstate` where the deployment was applied, and give that file",
    });
  }
  if (resources.length > 0) return resources;
  throw new ScriptError(`the state of ${from} has no resources`, {
    mend: "give the folder and the workspace that the deployment was applied in (`terraform workspace show`)",
  });
}

/** The resources in a text of either form; undefined for any other text. */
export function parseState(text: string): readonly ExistingResource[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(document)) return undefined;
  if (isObject(document.values)) return shownResources(document.values.root_module);
  if (document.version === 4 && Array.isArray(document.resources)) {
    return (document.resources as readonly Json[]).flatMap(storedResources);
  }
  // what `terraform show -json` prints of an empty state
  return "format_version" in document && !("planned_values" in document) ? [] : undefined;
}

function read(from: string): string {
  if (from === "-") return readFileSync(0, "utf8");
  let isFolder: boolean;
  try {
    isFolder = statSync(from).isDirectory();
    if (!isFolder) return readFileSync(from, "utf8");
  } catch (error) {
    throw new ScriptError(`--from: ${(error as Error).message}`, {
      mend: "give the folder that `terraform apply` was run in, or a file with its state",
    });
  }
  const { status, stdout, stderr, error } = spawnSync("terraform", [`-chdir=${from}`, "state", "pull"], {
    encoding: "utf8",
    maxBuffer: 512 * 1024 * 1024,
  });
  if (error !== undefined) {
    throw new ScriptError(`terraform cannot be run: ${error.message}`, {
      mend: "install it, or give a file with what `terraform state pull` printed elsewhere",
    });
  }
  if (status === 0 && stdout.trim() !== "") return stdout;
  throw new ScriptError(`terraform has no state in ${from}${stderr.trim() ? `:\n${indented(stderr)}` : ""}`, {
    mend: "run `terraform init` there first, in the workspace of the deployment; or give a file with the state",
  });
}

/** Of `terraform show -json`: a module and the modules in it. */
function shownResources(module: Json | undefined): ExistingResource[] {
  if (!isObject(module)) return [];
  const own = list(module.resources).filter((resource) => resource.mode === "managed");
  return [
    ...own.map((resource) => ({
      address: textOf(resource, "address").replace(/\[[^[\]]*\]$/, ""),
      type: textOf(resource, "type"),
      key: keyOf(resource.index),
      values: isObject(resource.values) ? resource.values : {},
    })),
    ...list(module.child_modules).flatMap(shownResources),
  ];
}

/** Of a state file: a resource and its instances. */
function storedResources(resource: Json): ExistingResource[] {
  if (!isObject(resource) || resource.mode !== "managed") return [];
  const [type, name] = [textOf(resource, "type"), textOf(resource, "name")];
  const module = resource.module === undefined ? "" : `${textOf(resource, "module")}.`;
  return list(resource.instances).map((instance) => ({
    address: `${module}${type}.${name}`,
    type,
    key: keyOf(instance.index_key),
    values: isObject(instance.attributes) ? instance.attributes : {},
  }));
}

function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function keyOf(value: Json | undefined): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}
