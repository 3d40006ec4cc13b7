import { setTimeout as delay } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { get, quantile, type Figures } from "./figures.js";

const CALLERS = 20;
/** How long after the loss of a task results count. */
const LOSS_MS = 4000;

/** A task is lost after half a second. A request that has no answer when time is up is stuck. */
export async function lose(
  kind: string,
  dispatcher: Dispatcher,
  url: string,
  loss: () => unknown,
): Promise<Figures> {
  const times: number[] = [];
  const state = { over: false, recording: false, failed: 0, pending: 0 };
  const call = async (): Promise<void> => {
    while (!state.over) {
      const begun = performance.now();
      state.pending += 1;
      const [{ status }] = await Promise.allSettled([get(dispatcher, url)]);
      state.pending -= 1;
      if (!state.recording) continue;
      times.push(performance.now() - begun);
      if (status === "rejected") state.failed += 1;
    }
  };
  const calls = Promise.all(Array.from({ length: CALLERS }, call));
  await delay(500);
  state.recording = true;
  await loss();
  await delay(LOSS_MS);
  state.over = true;
  // who is well is done by then
  await delay(500);
  state.recording = false;
  const stuck = state.pending;
  await dispatcher.destroy();
  await calls;
  times.sort((a, b) => a - b);
  const succeeded = times.length - state.failed;
  return {
    [`${kind}: success %`]: (100 * succeeded) / (times.length + stuck),
    [`${kind}: failed`]: state.failed,
    [`${kind}: stuck`]: stuck,
    [`${kind}: p99 ms`]: quantile(times, 0.99),
    [`${kind}: max ms`]: times.at(-1) ?? NaN,
    [`${kind}: succeeded/s`]: (1000 * succeeded) / LOSS_MS,
  };
}
