import { Construct } from "constructs";
import { checkLibrary } from "./library";

const MODULE = Symbol.for("cdktf-ecs-discovery.Module");

/**
 * Base of every building block in this library. Terraform addresses are counted from the outermost module on a
 * resource's path (see `terraformAddress`), so that grouping modules in other scopes leaves their addresses as they are.
 */
export abstract class Module extends Construct {
  public static isModule(x: unknown): x is Module {
    return typeof x === "object" && x !== null && MODULE in x;
  }

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    if (!Module.isModule(scope)) checkLibrary(this);
    Object.defineProperty(this, MODULE, { value: true });
  }
}
