export interface UntilOptions {
  /** Milliseconds. @default 120000 */
  readonly timeoutMs?: number;
  /** Milliseconds. @default 100 */
  readonly pollMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** What the error of a wait that took too long ends with. */
  readonly hint?: () => string;
}

/**
 * Asks again and again, until the answer is there.
 *
 * @throws Error with `what` after the timeout, the signal's reason where that comes first, and what `ask` throws
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs = 120_000, pollMs = 100, signal, hint }: UntilOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline)
      throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}${hint ? `\n${hint()}` : ""}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
