import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { terraformAddress } from "./address";

/** A name for the console, made of the stack's id and the construct's address: `platform-network-private-a`. */
export function networkName(scope: IConstruct, ...parts: readonly string[]): string {
  const address = terraformAddress(scope).replaceAll("_", "-");
  return [TerraformStack.of(scope).node.id, address, ...parts].join("-");
}
