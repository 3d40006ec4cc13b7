import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dig } from "../../local/dns/dig";
import type { PageState } from "../../local/page/page-state";
import { isAlive, listens } from "../../local/still-there";
import { processesWith } from "../local/tasks/runner-bench";

const PROJECT = join(__dirname, "..", "..");
const MARK = "LOCAL_PLATFORM_TEST";

/** Answers every request with the names of the namespaces in the account. */
const NAMES_OF_NAMESPACES = `
  const { ServiceDiscovery } = require("@aws-sdk/client-servicediscovery");
  const { createServer } = require("node:http");
  const names = async () => {
    const { Namespaces } = await new ServiceDiscovery().listNamespaces();
    return Namespaces.map(({ Name }) => Name).join();
  };
  createServer((_, answer) => names().catch(String).then((text) => answer.end(text)))
    .listen(process.env.PORT, process.env.HOST);`;

/** `npm run local` as a user runs it: from outside. The runs begin together, for Terraform mostly waits. */
describe("npm run local", () => {
  const scratch = mkdtempSync(join(tmpdir(), "local-platform-"));
  const started: ChildProcess[] = [];

  let hello: Run;
  let withImage: Run;
  let toBeKilled: Run;
  const temporary = join(scratch, "tmp");
  const helloFolder = join(scratch, "hello-name");

  beforeAll(() => {
    mkdirSync(temporary);
    hello = run(["--stack", "hello-name", "--scratch", helloFolder], { TMPDIR: temporary });
    const images = join(scratch, "images.json");
    const image = { command: [process.execPath, "-e", NAMES_OF_NAMESPACES], cwd: PROJECT };
    writeFileSync(images, JSON.stringify({ "public.ecr.aws/ecs-sample-image/name-server": image }));
    withImage = run(["--stack", "hello-name", "--images", images, "--scratch", join(scratch, "aws")]);
    toBeKilled = run(["--scratch", join(scratch, "killed")], { TTL: "10" });
  });
  afterAll(() => {
    for (const child of started) child.kill("SIGKILL");
    rmSync(scratch, { recursive: true, force: true });
  });

  interface Run {
    readonly child: ChildProcess;
    readonly printed: () => string;
    readonly exited: Promise<unknown[]>;
  }

  function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
    const child = spawn(process.execPath, ["--import", "tsx", "local/local.ts", ...args], {
      cwd: PROJECT,
      env: { ...process.env, ...env },
    });
    started.push(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    return { child, printed: () => text, exited: once(child, "exit") };
  }

  async function printed({ child, printed }: Run, what: RegExp): Promise<string> {
    for (;;) {
      const [found] = what.exec(printed()) ?? [];
      if (found !== undefined) return found;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended:\n${printed()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function stateOf(run: Run): Promise<PageState> {
    const page = await printed(run, /http:\/\/127\.0\.0\.1:\d+\/$/m);
    return (await (await fetch(new URL("state.json", page))).json()) as PageState;
  }

  /** Everything of a run that would go on: the processes of tasks, and whoever listens. */
  async function left(state: PageState): Promise<string[]> {
    const tasks = state.services.flatMap((service) => service.tasks);
    const listeners = [
      ...tasks.flatMap(({ address = "", ports }) => ports.map((port) => ({ host: address, port }))),
      { host: "127.0.0.1", port: Number(new URL(state.endpoint).port) },
      { host: state.dns.split(":")[0] ?? "", port: Number(state.dns.split(":")[1]) },
    ];
    const listening = await Promise.all(
      listeners.map(async (at) => ((await listens(at.host, at.port)) ? [`${at.host}:${at.port}`] : [])),
    );
    const alive = tasks.flatMap(({ pids }) => pids).filter(isAlive);
    return [...listening.flat(), ...alive.map((pid) => `process ${pid}`)];
  }

  async function gone(state: PageState): Promise<void> {
    for (let tries = 0; tries < 100 && (await left(state)).length > 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await left(state)).toEqual([]);
  }

  test("runs a stack, and leaves nothing after Ctrl-C", async () => {
    const running = hello;
    await printed(running, /Ctrl-C ends all of it/);
    const state = await stateOf(running);
    expect(state.services.map(({ service, readyCount }) => [service, readyCount])).toEqual([
      ["hello", 2],
      ["name", 2],
    ]);
    expect(state.calls).toContainEqual({ from: "hello", to: "name", port: 3000 });

    const [address = "", port] = state.dns.split(":");
    const { lines } = await dig("name.internal", "A", { server: { address, port: Number(port) } });
    const names = state.services.find(({ service }) => service === "name")?.tasks ?? [];
    expect(lines.map((line) => line.split(/\s/).at(-1)).sort()).toEqual(
      names.map((task) => task.address).sort(),
    );

    const [task] = state.services.find(({ service }) => service === "hello")?.tasks ?? [];
    const greeting = await fetch(`http://${task?.address}:3000/`);
    // the name comes from the other service, which it found by DNS
    expect(await greeting.text()).toMatch(/^Hello \(from 127\.\d+\.\d+\.\d+\), [A-Z][a-z]+\n$/);

    const second = run(["--stack", "hello-name", "--scratch", helloFolder]);
    expect(await second.exited).toEqual([1, null]);
    expect(second.printed()).toContain(`is used by process ${running.child.pid}`);
    running.child.kill("SIGINT");
    expect(await running.exited).toEqual([130, null]);
    expect(await left(state)).toEqual([]);
    expect(running.printed()).toContain("All of it is stopped.");
    expect(readdirSync(temporary).filter((name) => /local|cdktf-/.test(name))).toEqual([]);
  });

  test("an image of a file calls emulated AWS as it would call AWS", async () => {
    const running = withImage;
    await printed(running, /Ctrl-C ends all of it/);
    const { services } = await stateOf(running);
    const [task] = services.find(({ service }) => service === "name")?.tasks ?? [];
    expect(await (await fetch(`http://${task?.address}:3000/`)).text()).toBe("internal");
    running.child.kill("SIGINT");
    await running.exited;
  });

  test("leaves nothing where it is killed while tasks run", async () => {
    const running = toBeKilled;
    await printed(running, /Ctrl-C ends all of it/);
    const state = await stateOf(running);
    expect(state.services.flatMap((service) => service.tasks)).toHaveLength(2);
    running.child.kill("SIGKILL");
    await running.exited;
    await gone(state);
  });

  const onLinux = process.platform === "linux" ? test : test.skip;
  onLinux("leaves no process where it is killed in the middle of cdktf deploy", async () => {
    const mark = `${MARK}=${process.pid}`;
    const running = run(["--scratch", join(scratch, "deploy")], { [MARK]: `${process.pid}` });
    await printed(running, /aws_ecs_cluster\.ecs_cluster/);
    expect(processesWith(mark).map(commandLine).join("\n")).toMatch(/terraform/);
    running.child.kill("SIGKILL");
    await running.exited;
    for (let tries = 0; tries < 100 && processesWith(mark).length > 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(processesWith(mark)).toEqual([]);
  });
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
