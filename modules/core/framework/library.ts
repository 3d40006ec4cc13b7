import { App } from "cdktf";
import type { IConstruct } from "constructs";
import { general } from "../../rules/general";
import { InvalidInputError } from "./check";

/** CDKTF, and CDK Terrain that continues it. */
const LIBRARIES = ["cdktf", "cdktn"];
const RUNTIME_TYPE = Symbol.for("jsii.rtti");

/**
 * Refuses an app of CDK Terrain where the modules are made with CDKTF, and the other way round: it would end in a
 * `TypeError` in the middle of synthesis.
 * @throws InvalidInputError
 */
export function checkLibrary(construct: IConstruct): void {
  const library = libraryOf(construct.node.root);
  if (library === undefined || library === libraryOf(App)) return;
  const given = { scope: construct, property: "library of the app", value: library };
  throw new InvalidInputError(given, general.library);
}

/** By the name that jsii gives a class: `cdktn.App`. Undefined for what is of neither library. */
function libraryOf(x: object): string | undefined {
  let type: unknown = typeof x === "function" ? x : x.constructor;
  while (typeof type === "function") {
    const { fqn } = (type as { readonly [RUNTIME_TYPE]?: { readonly fqn?: string } })[RUNTIME_TYPE] ?? {};
    const library = LIBRARIES.find((name) => fqn?.startsWith(`${name}.`));
    if (library !== undefined) return library;
    type = Object.getPrototypeOf(type);
  }
  return undefined;
}
