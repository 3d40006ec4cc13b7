import { CallerGone, Deadline, DeadlineExceeded } from "../src/deadline.js";
import { sleep } from "./service.js";

const never = (): Promise<never> => new Promise(() => undefined);

describe("a deadline", () => {
  it("ends what is still going on, and says why", async () => {
    const deadline = new Deadline(30);
    await expect(deadline.race(never())).rejects.toThrow(DeadlineExceeded);
    expect(deadline.signal.reason).toBeInstanceOf(DeadlineExceeded);
    await expect(deadline.race(never())).rejects.toThrow("no complete answer within 30 ms");
  });

  it("is called what AbortSignal.timeout() calls it, so that the discovery client counts it", () => {
    expect(new DeadlineExceeded(1).name).toBe("TimeoutError");
  });

  it("lets through what comes in time", async () => {
    const deadline = new Deadline(5000);
    await expect(deadline.race(Promise.resolve("answer"))).resolves.toBe("answer");
    await expect(deadline.race(Promise.reject(new Error("its own")))).rejects.toThrow("its own");
    deadline.cancel();
  });

  it("says how much time is left, never less than a millisecond", async () => {
    const long = new Deadline(10_000);
    expect(long.remainingMs).toBeGreaterThan(9000);
    expect(long.remainingMs).toBeLessThanOrEqual(10_000);
    long.cancel();
    const short = new Deadline(20);
    await sleep(50);
    expect(short.remainingMs).toBe(1);
  });

  it("ends with the caller, once", async () => {
    const deadline = new Deadline(40);
    const work = deadline.race(never());
    deadline.cancel();
    await expect(work).rejects.toThrow(CallerGone);
    await sleep(60);
    expect(deadline.signal.reason).toBeInstanceOf(CallerGone);
  });

  it("is not disturbed by work that fails when nobody waits for it any more", async () => {
    const deadline = new Deadline(5000);
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_resolve, reject) => (fail = reject));
    const race = deadline.race(work);
    deadline.cancel();
    await expect(race).rejects.toThrow(CallerGone);
    fail(new Error("late"));
    await sleep(10);
  });
});
