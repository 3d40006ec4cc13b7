import type { IConstruct } from "constructs";
import { terraformAddress } from "../framework/address";
import { Platform } from "../framework/platform";

/** A name for the console, made of the platform's name and the construct's address: `trading-platform-network-private-a`. */
export function networkName(scope: IConstruct, ...parts: readonly string[]): string {
  const address = terraformAddress(scope).replaceAll("_", "-");
  return [Platform.of(scope).name, address, ...parts].join("-");
}
