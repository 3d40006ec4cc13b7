import { Fn, Token, type TerraformResource } from "cdktf";
import { Platform } from "../framework/platform";

/** Load balancers and target groups have names of at most 32 letters, digits and hyphens. */
const LIMIT = 32;
const VALUE_DIGITS = 4;

/** A number from 0 to 4294967295 that is the same for the same text everywhere: FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * The name of a load balancer or a target group: `<platform>-<purpose>-<hash>`. The hash is made of the Terraform address
 * and of the arguments that cannot be changed in place, so that a replacement has another name and can be made before
 * the old one goes. A value that only Terraform knows is hashed by Terraform.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
export function hashedName(
  resource: TerraformResource,
  purpose: string,
  unchangeable: readonly (string | number)[],
): string {
  const platform = Platform.of(resource);
  const known = unchangeable.filter((value) => !Token.isUnresolved(value));
  const unknown = unchangeable.filter((value) => Token.isUnresolved(value));
  const identity = [platform.name, resource.terraformResourceType, resource.friendlyUniqueId, ...known].join(
    "\n",
  );
  const hash = hashOf(identity).toString(16).padStart(8, "0");
  const suffixLength = hash.length + (unknown.length > 0 ? 1 + VALUE_DIGITS : 0);
  const room = LIMIT - suffixLength - 1;
  const stem = hyphenated(platform.stem(purpose, room, LIMIT))
    // AWS keeps names that begin so for its own
    .replace(/^internal-/, "int-")
    .slice(0, room);
  const name = hyphenated(`${stem}-${hash}`);
  if (unknown.length === 0) return name;
  const values = unknown.map((value) => Token.asString(value)).join(" ");
  return `${name}-${Fn.substr(Fn.sha1(values), 0, VALUE_DIGITS)}`;
}

function hyphenated(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
}
