/**
 * Prices that differ by less than this share of themselves are equal. The average of twenty times 0.1 is
 * 0.10000000000000002 in binary floating point: without a tolerance a price that never moved would have been below its
 * average. Rounding errors stay under 1e-12 with windows up to 1,000; a price that really moved moves by more than 1e-10.
 */
const TOLERANCE = 1e-10;

/**
 * Watches a line cross another one.
 *
 * It remembers the side on which the line was last seen. Being equal is neither side, so a line that touches the other
 * and turns back has not crossed, and one that touches, stays and goes through crosses once, when it is through. The side
 * that is seen first is where it begins, not a crossing.
 *
 * ```ts
 * const crossing = new Crossing();
 * crossing.next(9, 10);  // null: begins below
 * crossing.next(10, 10); // null: touches
 * crossing.next(11, 10); // "above"
 * ```
 */
export class Crossing {
  private side: "above" | "below" | null = null;

  /**
   * @param scale magnitude against which a difference counts as a rounding error
   * @returns the side on which the line comes out, at the one step at which it does
   */
  public next(
    line: number,
    other: number,
    scale = Math.max(Math.abs(line), Math.abs(other)),
  ): "above" | "below" | null {
    if (Math.abs(line - other) <= TOLERANCE * scale) return null;
    const side = line > other ? "above" : "below";
    const crossed = this.side !== null && this.side !== side;
    this.side = side;
    return crossed ? side : null;
  }
}
