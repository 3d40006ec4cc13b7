/**
 * Exactly one of two sets of properties: an id or the construct that has it, never both and never neither.
 *
 * ```ts
 * type Cluster = OneOf<{ ecsClusterId: string }, { ecsCluster: IEcsCluster }>;
 * ```
 */
export type OneOf<A, B> =
  (A & { readonly [K in keyof B]?: never }) | (B & { readonly [K in keyof A]?: never });
