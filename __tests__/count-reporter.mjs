import { writeSync } from "node:fs";
import process from "node:process";

/** Prints, as the last line of a run, how many tests passed, failed and were skipped. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    // a file that cannot even be loaded counts as one failed test
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    // Jest writes its own summary after all reporters have been called
    process.on("exit", () => writeSync(1, `\n${line}\n`));
  }
}
