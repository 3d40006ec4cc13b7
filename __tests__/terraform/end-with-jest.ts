import { isAlive } from "../../local/still-there";

const LOOK_EVERY_MS = 500;
let timer: NodeJS.Timeout | undefined;

/** Tells the processes that run test files which process has started them. */
export function rememberJest(): void {
  process.env.TEST_RUN_BY = `${process.pid}`;
}

/**
 * Ends this process when Jest has ended, if it is killed, too: otherwise it would run its test file to the end, and all that
 * the file has started with it.
 */
export function endWithJest(): void {
  const jest = Number(process.env.TEST_RUN_BY);
  timer ??= setInterval(() => {
    if (!isAlive(jest)) process.kill(process.pid, "SIGKILL");
  }, LOOK_EVERY_MS).unref();
}
