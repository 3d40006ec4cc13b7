/** Whoever can be chosen. */
export interface Candidate {
  /** The round in which it was chosen last. */
  round: number;
}

/**
 * Chooses who is least busy; among equals, who was not chosen in this round yet, at random. A round is over once all of
 * those were. A fixed order would fall in step with callers that alternate between short and long requests, and give one
 * address all the long ones. To scan all is right for the at most eight addresses of a DNS answer.
 */
export class Rotation {
  #round = 1;

  choose<T extends Candidate>(candidates: readonly T[], busy: (candidate: T) => number): T | undefined {
    const count = candidates.length;
    let chosen: T | undefined;
    let least = Infinity;
    for (let step = 0, index = Math.floor(Math.random() * count); step < count; step += 1, index += 1) {
      const candidate = candidates[index < count ? index : index - count];
      if (candidate === undefined) continue;
      const load = busy(candidate);
      const isBetter =
        load < least || (load === least && chosen?.round === this.#round && candidate.round !== this.#round);
      if (!isBetter) continue;
      chosen = candidate;
      least = load;
    }
    if (chosen === undefined) return undefined;
    if (chosen.round === this.#round) this.#round += 1;
    chosen.round = this.#round;
    return chosen;
  }
}
