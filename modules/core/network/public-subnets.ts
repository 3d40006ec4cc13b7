import type { IConstruct } from "constructs";

/** Per app: ids of subnets, or references to them, that are known to be public. */
const publicByApp = new WeakMap<IConstruct, Set<string>>();

/** Takes note of subnets whose only way to the internet is an internet gateway. */
export function notePublicSubnets(scope: IConstruct, subnetIds: readonly string[]): void {
  const { root } = scope.node;
  const known = publicByApp.get(root) ?? new Set<string>();
  publicByApp.set(root, known);
  subnetIds.forEach((id) => known.add(id));
}

/** True for a subnet that a network of this app has named as a public one. */
export function isPublicSubnet(scope: IConstruct, subnetId: string): boolean {
  return publicByApp.get(scope.node.root)?.has(subnetId) ?? false;
}
