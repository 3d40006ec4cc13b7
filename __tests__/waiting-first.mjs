import TestSequencer from "@jest/test-sequencer";

/** Files that take long, by a part of their path, the longest first: on a new machine Jest knows the sizes of files only. */
const LONG = [
  "terraform/local-platform",
  "terraform/pipelines.test",
  "terraform/adopt",
  "terraform/products-payments.",
  "terraform/hello-name",
  "terraform/load-balanced",
  "terraform/internal-api",
  "terraform/network",
  "terraform/trading-platform",
  "terraform/emulator",
  "/main.test",
  "local/tasks/task-runner",
  "two-services",
];
/** So many of those that wait begin the run; the processors are left to others. */
const AT_FIRST = 6;

/**
 * The order in which test files run. Those on Terraform mostly wait: the provider sleeps before it looks whether
 * something is done. They begin the run and are then spread over it, so that others work meanwhile.
 */
export default class WaitingFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort([...tests]);
    const long = LONG.flatMap((part) => sorted.filter(({ path }) => path.includes(part)));
    const ordered = [...new Set([...long, ...sorted])];
    const isWaiting = ({ context }) => context.config.displayName?.name === "terraform";
    const waiting = ordered.filter(isWaiting);
    const working = ordered.filter((test) => !isWaiting(test));
    return [...waiting.slice(0, AT_FIRST), ...spread(waiting.slice(AT_FIRST), working)];
  }
}

/** Both lists in their order, the shorter evenly between the longer's. */
function spread(some, others) {
  const placed = [some, others].flatMap((list) =>
    list.map((item, index) => [(index + 0.5) / list.length, item]),
  );
  return placed.sort(([one], [other]) => one - other).map(([, item]) => item);
}
