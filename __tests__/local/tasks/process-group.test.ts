import { ProcessGroup } from "../../../local/tasks/process-group";
import { Watchdog } from "../../../local/tasks/watchdog";
import { isAlive, until } from "./runner-bench";

describe("a group of processes", () => {
  const watchdog = new Watchdog();
  const lines: string[] = [];
  afterAll(() => watchdog.stop());

  const start = (script: string): Promise<ProcessGroup> => {
    lines.length = 0;
    return ProcessGroup.start(
      {
        argv: ["/bin/sh", "-c", script],
        cwd: "/",
        env: { PATH: process.env.PATH ?? "" },
        onLine: (line, stream) => lines.push(`${stream} ${line}`),
      },
      watchdog,
    );
  };

  test("ends with its first process, as those of a container do", async () => {
    const group = await start("sleep 1000 & echo $!; echo problem >&2; exit 7");
    expect(await group.exited).toEqual({ code: 7, signal: null });
    expect(lines).toContain("stderr problem");
    const child = Number(lines.find((line) => line.startsWith("stdout"))?.split(" ")[1]);
    expect(child).toBeGreaterThan(1);
    expect(isAlive(child)).toBe(false);
  });

  test("only the first process gets a signal", async () => {
    const child = "trap 'echo child' TERM; echo ready; while :; do sleep 0.05; done";
    const group = await start(`trap 'sleep 0.3; exit 0' TERM; (${child}) & wait`);
    await until("it is ready", () => lines.includes("stdout ready"));
    group.signal("SIGTERM");
    expect(await group.exited).toEqual({ code: 0, signal: null });
    expect(lines).toEqual(["stdout ready"]);
  });

  test("all are killed at once", async () => {
    const group = await start("trap '' TERM; (trap '' TERM; echo ready; sleep 1000); sleep 1000");
    await until("it is ready", () => lines.includes("stdout ready"));
    group.kill();
    expect(await group.exited).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("a command that is not there has Docker's exit code, and says so", async () => {
    const group = await ProcessGroup.start(
      { argv: ["/no/such/command"], cwd: "/", env: {}, onLine: (line) => lines.push(line) },
      watchdog,
    );
    expect((await group.exited).code).toBe(127);
    expect(lines.join()).toContain("/no/such/command");
  });

  test("a directory that is not there is an error at the start", async () => {
    await expect(ProcessGroup.start({ argv: ["true"], cwd: "/no/such", env: {} }, watchdog)).rejects.toThrow(
      "ENOENT",
    );
  });
});
