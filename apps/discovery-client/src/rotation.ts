/**
 * Chooses who has the fewest requests in flight; among equals, whose turn it is. To scan all is right for the at most
 * eight addresses of a DNS answer. Fewest in flight steers away from a frozen task before any timeout has passed.
 */
export class Rotation {
  // many callers that start together must not all begin with the first address
  #next = Math.floor(Math.random() * 1024);

  choose<T extends { readonly inflight: number }>(candidates: readonly T[]): T | undefined {
    let chosen: T | undefined;
    let position = 0;
    for (let step = 0; step < candidates.length; step += 1) {
      const index = (this.#next + step) % candidates.length;
      const candidate = candidates[index];
      if (candidate !== undefined && (chosen === undefined || candidate.inflight < chosen.inflight)) {
        chosen = candidate;
        position = index;
      }
    }
    this.#next = position + 1;
    return chosen;
  }
}
