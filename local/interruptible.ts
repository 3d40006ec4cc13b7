import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const BY_SIGNAL = 128;

class Interrupted extends Error {
  public constructor(public readonly exitCode: number) {
    super("interrupted");
  }
}

/**
 * Runs a program that cleans up after itself. The signal that it gets is aborted by SIGINT (Ctrl-C), SIGTERM and SIGHUP, and
 * where nobody reads its output any more; the process ends when `main` has settled, with the exit code that a shell
 * gives to the signal. What `main` throws is printed, and the exit code is 1.
 */
export async function runInterruptibly(main: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  for (const name of SIGNALS)
    process.on(name, () => abort.abort(new Interrupted(BY_SIGNAL + constants.signals[name])));
  // whoever read it has gone: `npm run demo | head`
  process.stdout.on("error", () => abort.abort(new Interrupted(BY_SIGNAL + constants.signals.SIGPIPE)));
  try {
    await main(abort.signal);
  } catch (error) {
    if (error instanceof Interrupted) process.exitCode = error.exitCode;
    else {
      process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
      process.exitCode = 1;
    }
  } finally {
    for (const name of SIGNALS) process.removeAllListeners(name);
  }
}
