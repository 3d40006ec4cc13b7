import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { python } from "../../../local/emulator-process";
import { probeMachine } from "../../../local/tasks/machine";
import { IMAGES, isAlive, RunnerBench } from "./runner-bench";

const PROJECT = join(__dirname, "..", "..", "..");
const MACHINE = probeMachine(tmpdir());
// a network namespace takes root on Linux, `ip` and `unshare`
const isolating = MACHINE.enforcesSecurityGroups ? describe : describe.skip;

const networkOf = (pid: number | undefined): string => readlinkSync(`/proc/${pid}/ns/net`);

isolating("networks of tasks", () => {
  let bench: RunnerBench;
  beforeEach(() => (bench = new RunnerBench()));
  afterEach(() => bench.dispose());

  test("pass on what is allowed, as it is: the helper's own tests", async () => {
    const args = ["-B", "-m", "unittest", "discover", "-s", join("local", "tasks", "network")];
    const { stderr } = await promisify(execFile)(python(), args, { cwd: PROJECT });
    expect(stderr).toMatch(/Ran \d{2,} tests in [\d.]+s\s+OK\s*$/);
  });

  test("each task has one, and its health check is in it", async () => {
    const command = [
      "CMD-SHELL",
      'readlink /proc/self/ns/net > "$TMPDIR/new" && mv "$TMPDIR/new" "$TMPDIR/network"',
    ];
    const healthCheck = { command, interval: 5 };
    bench.ecs.put({ desiredCount: 2, taskDefinition: bench.ecs.register({ healthCheck }) });
    await bench.start();
    const tasks = await bench.ready(2);
    const networks = tasks.map(({ containers: [container] }) => networkOf(container?.pid));
    expect(new Set([...networks, networkOf(process.pid)]).size).toBe(3);
    for (const [index, { taskId }] of tasks.entries()) {
      const seen = readFileSync(join(bench.scratch, "tasks", taskId, "tmp", "network"), "utf8");
      expect(seen.trim()).toBe(networks[index]);
    }
  });

  test("containers of a task share one: the second reaches the first on 127.0.0.1", async () => {
    const first = {
      name: "web",
      image: "web",
      portMappings: [{ containerPort: 8080 }],
      environment: [{ name: "DATA", value: "" }],
    };
    const ask =
      "const ask = () => fetch('http://127.0.0.1:8080').then(({ status }) => console.log(status), () => setTimeout(ask, 50)); " +
      "ask(); setInterval(() => {}, 1e6)";
    const listen =
      "require('node:http').createServer((_, answer) => answer.end('ok')).listen(8080, '0.0.0.0', () => console.log('listens'))";
    const containerDefinitions = [
      {
        ...first,
        entryPoint: [process.execPath, "-e", listen],
        healthCheck: { command: ["CMD-SHELL", "true"], interval: 5 },
      },
      {
        name: "side",
        image: "web",
        entryPoint: [process.execPath, "-e", ask],
        dependsOn: [{ containerName: "web", condition: "HEALTHY" as const }],
      },
    ];
    bench.ecs.put({ desiredCount: 2, taskDefinition: bench.ecs.register({}, { containerDefinitions }) });
    await bench.start();
    const tasks = await bench.ready(2);
    await bench.until("both have asked", () => bench.logs.filter(({ line }) => line === "200").length === 2);
    // two that listen on all addresses, each reached at its own
    expect(await bench.ask(tasks[0])).toBe("ok");
    expect(await bench.ask(tasks[1])).toBe("ok");
  });

  test("a service without security groups has its VPC's default one, which may let its tasks call each other", async () => {
    const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };
    bench.ecs.put({ desiredCount: 2, taskDefinition: bench.ecs.register(), networkConfiguration });
    await bench.start({ images: { web: { command: [process.execPath, "caller.mjs"], cwd: IMAGES } } });
    const [first, second] = await bench.ready(2);
    const call = (): Promise<string> => bench.ask(first, `/call?host=${second?.address}&port=8080`);
    expect(await call()).toBe("ECONNREFUSED");
    const itself = {
      GroupId: "sg-default",
      ReferencedGroupInfo: { GroupId: "sg-default" },
      IpProtocol: "-1",
    };
    bench.ec2.rules = [
      { ...itself, IsEgress: false },
      { ...itself, IsEgress: true },
    ];
    await bench.until("the rules are read", async () => (await call()) === `hello ${first?.address}`);
  });

  test("where what joins them is lost, tasks are replaced", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start();
    const [first] = await bench.ready(1);
    const { networkPid } = bench.runner.snapshot();
    process.kill(networkPid ?? 0, "SIGKILL");
    await bench.until("it is replaced", () => bench.messages("task-stopped").length === 1);
    const [second] = await bench.ready(1);
    expect(second?.taskId).not.toBe(first?.taskId);
    expect((await bench.about(second)).env.HOST).toBe(second?.address);
    expect(bench.messages("task-stopping")).toEqual(["nobody reaches it any more: ended by SIGKILL"]);
  });

  test("none is made where that is not wanted, and the runner says so", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start({ machine: { ...MACHINE, enforcesSecurityGroups: false } });
    const [task] = await bench.ready(1);
    expect(networkOf(task?.containers[0]?.pid)).toBe(networkOf(process.pid));
    expect(bench.runner.snapshot()).toMatchObject({ enforcesSecurityGroups: false, networkPid: undefined });
    expect((await bench.about(task)).cwd).toBe(IMAGES);
  });

  test("nothing of them is left after stop()", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start();
    await bench.ready(1);
    const { networkPid = 0 } = bench.runner.snapshot();
    expect(isAlive(networkPid)).toBe(true);
    await bench.runner.stop();
    expect(isAlive(networkPid)).toBe(false);
    expect(bench.ec2.closed).toBe(true);
  });
});
