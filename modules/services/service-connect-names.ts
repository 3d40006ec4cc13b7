import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { TerraformStack, Token } from "cdktf";
import type { IConstruct } from "constructs";
import { describe } from "../core/check";
import { resolved } from "../core/resolved";

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

const SERVICE = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html";
const ALIAS = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectClientAlias.html";

/** Per app: what is taken, by discovery name and by alias, in the order in which the services were made. */
const takenByApp = new WeakMap<IConstruct, Map<string, ServiceConnectNames[]>>();

/**
 * Takes names in a namespace. One that another service of the app has is reported when the app is synthesized: ECS
 * refuses it in the middle of an apply.
 */
export function takeNames(names: ServiceConnectNames): void {
  const { owner } = names;
  const sameDiscoveryName = takeOne(names, `discovery name ${names.discoveryName}`);
  const sameAlias = takeOne(names, `alias ${names.dnsName}:${names.port}`);
  owner.node.addValidation({
    validate: () => [
      ...sameDiscoveryName.map(doubledDiscoveryName),
      ...sameAlias.map(doubledAlias),
      ...entriesOf(names).map(doubledEntry),
    ],
  });

  function doubledDiscoveryName(other: ServiceConnectNames): string {
    return describe(
      { scope: owner, property: "discoveryName", value: names.discoveryName },
      {
        allowed: `a name that no other service of the namespace has; ${other.owner.node.path} has this one`,
        mend: "give one of the two another `discoveryName`; callers do not see it",
        source: SERVICE,
      },
    );
  }

  function doubledAlias(other: ServiceConnectNames): string {
    return describe(
      { scope: owner, property: "clientAlias", value: `${names.dnsName}:${names.port}` },
      {
        allowed: `a name and port that no other service of the namespace has; ${other.owner.node.path} has these`,
        mend: "give one of the two another `clientAlias`, or put it into another namespace",
        source: ALIAS,
      },
    );
  }

  function doubledEntry(entry: ServiceDiscoveryService): string {
    return describe(
      { scope: owner, property: "discoveryName", value: names.discoveryName },
      {
        allowed: `a name that no Cloud Map service of the namespace has; ${entry.node.path} has this one`,
        mend: "give another `discoveryName`, or leave it out; callers do not see it",
        source: SERVICE,
      },
    );
  }
}

/** Takes one name and returns who has it in the same namespace already. */
function takeOne(names: ServiceConnectNames, name: string): ServiceConnectNames[] {
  const { root } = names.owner.node;
  const taken = takenByApp.get(root) ?? new Map<string, ServiceConnectNames[]>();
  takenByApp.set(root, taken);
  const others = taken.get(name) ?? [];
  taken.set(name, [...others, names]);
  return others.filter((other) => isSameNamespace(names, other));
}

/** The Cloud Map services of the namespace that have the discovery name: ECS would make another one of that name. */
function entriesOf({
  owner,
  namespaceArn,
  namespaceId,
  discoveryName,
}: ServiceConnectNames): ServiceDiscoveryService[] {
  const id = namespaceId ?? (Token.isUnresolved(namespaceArn) ? undefined : namespaceArn.split("/").pop());
  if (id === undefined) return [];
  return owner.node.root.node
    .findAll()
    .filter((construct) => construct instanceof ServiceDiscoveryService)
    .filter(
      ({ dnsConfigInput, nameInput }) =>
        // placeholders are compared as they are: each namespace reads its own id once
        dnsConfigInput?.namespaceId === id && nameInput?.toLowerCase() === discoveryName.toLowerCase(),
    );
}

/** True where two ARNs are known to mean one namespace: a reference means another thing in another stack. */
function isSameNamespace(one: ServiceConnectNames, other: ServiceConnectNames): boolean {
  if (one.namespaceArn === other.namespaceArn) return true;
  const isOneStack = TerraformStack.of(one.owner) === TerraformStack.of(other.owner);
  return isOneStack && text(one) === text(other);
}

function text({ owner, namespaceArn }: ServiceConnectNames): string {
  return resolved(owner, namespaceArn);
}
