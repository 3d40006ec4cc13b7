import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processesWith, until } from "./runner-bench";

describe("the end of a task runner that is not asked to stop", () => {
  const scratch = mkdtempSync(join(tmpdir(), "task-runner-end-"));
  let child: ChildProcess;
  let printed = "";
  const others = (): number[] => processesWith(scratch).filter((pid) => pid !== child.pid);

  beforeEach(async () => {
    printed = "";
    child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "run-until-killed.ts"), scratch], {
      cwd: join(__dirname, "..", "..", ".."),
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    const running = /listens on.*[^]*listens on/;
    // two tasks of a shell and a node, and a check of each
    await until(
      "both tasks are checked",
      () => running.test(printed) && others().length >= 6,
      () => [printed],
    );
  });

  // also where a test has failed, and the runner would start them again
  afterEach(() => {
    child.kill("SIGKILL");
    for (const pid of others()) process.kill(pid, "SIGKILL");
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test.each(["SIGKILL", "SIGTERM"] as const)("%s of the runner leaves no process", async (signal) => {
    child.kill(signal);
    await until(
      "none is left",
      () => others().length === 0,
      () => others().map(String),
    );
  });

  test.each(["SIGINT", "SIGKILL"] as const)(
    "nor does %s of its whole group, as of Ctrl-C",
    async (signal) => {
      if (child.pid === undefined) throw new Error("there is no runner");
      process.kill(-child.pid, signal);
      await until(
        "none is left",
        () => others().length === 0,
        () => others().map(String),
      );
    },
  );

  test("and one that is stopped ends by itself: no timer of a task that was killed is left", async () => {
    const [killed] = processesWith("sleep 1000").filter((pid) => parentOf(pid) === child.pid);
    if (killed === undefined) throw new Error("there is no task");
    process.kill(killed, "SIGKILL");
    await until("it is gone", () => printed.includes("task-stopped"));
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGUSR2");
    expect(await ended).toBe(0);
    expect(others()).toEqual([]);
  }, 20_000);

  test("nor does its end after the watchdog was killed, which it starts again", async () => {
    const watchdog = (): number[] =>
      processesWith("trap '' HUP INT TERM").filter((pid) => parentOf(pid) === child.pid);
    const [first] = watchdog();
    if (first === undefined) throw new Error("there is no watchdog");
    process.kill(first, "SIGKILL");
    await until("there is another", () => watchdog().length === 1 && watchdog()[0] !== first);
    // it is seen as soon as it is there, and told a moment later what to watch
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.kill("SIGKILL");
    await until(
      "none is left",
      () => others().length === 0,
      () => others().map(String),
    );
  });
});

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}
