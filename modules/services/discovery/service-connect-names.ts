import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { refuse } from "../../core/framework/check";
import { claim } from "../../core/framework/claims";
import { identityOf } from "../../core/framework/resolved";
import type { CheckedRule } from "../../rules";
import { serviceConnect } from "../../rules/service-connect";

/** What a service takes up in its Service Connect namespace. */
export interface ServiceConnectNames {
  /** The service, for messages. */
  readonly owner: IConstruct;
  readonly namespaceArn: string;
  /** @default - the last part of the ARN, where that is known */
  readonly namespaceId?: string;
  readonly discoveryName: string;
  readonly dnsName: string;
  readonly port: number;
}

/** Takes names in a namespace, and refuses those that another service of the app has: ECS does in the middle of an apply. */
export function takeNames(names: ServiceConnectNames): void {
  const { namespaceArn, discoveryName, dnsName, port } = names;
  // a reference means another namespace in another stack, the same placeholder the same one everywhere
  const spaces = [`namespace ${namespaceArn}`, `namespace ${identityOf(names.owner, namespaceArn)}`];
  take(names, "discoveryName", discoveryName, serviceConnect.discoveryNameTaken, [
    ...spaces,
    // ECS makes a Cloud Map service of that name: the entries of the namespace are in the way too
    ...entriesOf(names),
  ]);
  const aliases = spaces.map((space) => `aliases of ${space}`);
  take(names, "clientAlias", `${dnsName}:${port}`, serviceConnect.aliasTaken, aliases);
}

function take(
  { owner }: ServiceConnectNames,
  property: string,
  name: string,
  rule: CheckedRule,
  spaces: readonly string[],
): void {
  const other = claim(owner, spaces, name.toLowerCase());
  if (other === undefined) return;
  const allowed = `${rule.allowed}; ${other.node.path} has this one`;
  refuse({ scope: owner, property, value: name }, { ...rule, allowed });
}

/** Where the entries of the namespace take their names. */
function entriesOf({ owner, namespaceArn, namespaceId }: ServiceConnectNames): string[] {
  const id = namespaceId ?? (Token.isUnresolved(namespaceArn) ? undefined : namespaceArn.split("/").pop());
  return id === undefined ? [] : [`namespace ${identityOf(owner, id)}`];
}
