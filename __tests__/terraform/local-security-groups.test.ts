import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
} from "@aws-sdk/client-ec2";
import {
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand,
  GetOperationCommand,
} from "@aws-sdk/client-servicediscovery";
import { clientConfig } from "../../local/aws-client";
import { cloudMapOf } from "../../local/dns/cloud-map";
import { DnsServer } from "../../local/dns/server";
import { Emulator } from "../../local/emulator-process";
import { createNetwork } from "../../local/network";
import { listens } from "../../local/still-there";
import { TaskRunner, type TaskEvent, type TaskRunnerOptions, type TaskSnapshot } from "../../local/tasks";
import { EcsClient } from "../../local/tasks/ecs-client";
import { probeMachine } from "../../local/tasks/machine";
import { IMAGES } from "../local/tasks/images";
import { isAlive, processesWith, until } from "../local/tasks/runner-bench";

const PROJECT = join(__dirname, "..", "..");
const PORT = 8080;
const OTHER_PORT = 9090;
const MACHINE = probeMachine(tmpdir());
const isolates = MACHINE.enforcesSecurityGroups;

/** Everything through AWS's own API, and calls between tasks that really run. */
describe("security groups between tasks on emulated AWS", () => {
  const scratch = mkdtempSync(join(tmpdir(), "local-security-groups-"));
  const events: TaskEvent[] = [];
  let emulator: Emulator;
  let ecs: EcsClient;
  let ec2: EC2Client;
  let cloudMap: ReturnType<typeof cloudMapOf>;
  let dns: DnsServer;
  let runner: TaskRunner | undefined;
  let subnets: readonly string[];
  let namespaceId: string;
  const groups: Record<string, string> = {};

  const eventually = (what: string, condition: () => boolean | Promise<boolean>): Promise<void> =>
    until(what, condition, () => events.map(({ type, message }) => `${type} ${message}`));

  async function start(options: Partial<TaskRunnerOptions> = {}): Promise<void> {
    const images = Object.fromEntries(
      ["stock", "signal", "stranger"].map((name) => [
        name,
        { command: [process.execPath, "caller.mjs"], cwd: IMAGES },
      ]),
    );
    runner = await TaskRunner.start({
      emulator,
      scratch,
      images,
      environment: { DNS_SERVER: `${dns.address}:${dns.port}`, OTHER_PORT: `${OTHER_PORT}` },
      nameServer: dns,
      pollMs: 200,
      machine: MACHINE,
      onEvent: (event) => events.push(event),
      ...options,
    });
    await eventually("all can be found", () => {
      const { services } = runner?.snapshot() ?? { services: [] };
      return services.length === 3 && services.every(({ readyCount }) => readyCount === 1);
    });
  }

  function task(service: string): TaskSnapshot {
    const found = runner?.snapshot().services.find((one) => one.service === service);
    const [running] = found?.tasks.filter(({ status }) => status === "RUNNING") ?? [];
    if (!running) throw new Error(`${service} has no task`);
    return running;
  }

  /** What a task gets that calls another by its name: the answer, or the code of the error. */
  async function call(from: string, to: string, port = PORT): Promise<string> {
    const url = new URL(`http://${task(from).address}:${PORT}/call`);
    url.searchParams.set("host", `${to}.calls.internal`);
    url.searchParams.set("port", `${port}`);
    return (await fetch(url, { headers: { connection: "close" } })).text();
  }

  /** What the task of signal gets at an address. */
  async function callAt(host: string, port: number): Promise<string> {
    const url = `http://${task("signal").address}:${PORT}/call?host=${host}&port=${port}`;
    return (await fetch(url, { headers: { connection: "close" } })).text();
  }

  const aws = (): { address: string; port: number } => {
    const { hostname, port } = new URL(emulator.endpoint);
    return { address: hostname, port: Number(port) };
  };

  async function createService(name: string): Promise<void> {
    const { Service } = await cloudMap.send(
      new CreateServiceCommand({
        Name: name,
        NamespaceId: namespaceId,
        DnsConfig: { DnsRecords: [{ Type: "A", TTL: 10 }] },
        HealthCheckCustomConfig: { FailureThreshold: 1 },
      }),
    );
    const { taskDefinition } = await ecs.call<{ taskDefinition: { taskDefinitionArn: string } }>(
      "RegisterTaskDefinition",
      {
        family: name,
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        containerDefinitions: [
          { name, image: `${name}:1`, portMappings: [{ containerPort: PORT }], stopTimeout: 5 },
        ],
      },
    );
    await ecs.call("CreateService", {
      cluster: "c",
      serviceName: name,
      taskDefinition: taskDefinition.taskDefinitionArn,
      desiredCount: 1,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups: [groups[name]] } },
      serviceRegistries: [{ registryArn: Service?.Arn }],
    });
  }

  const fromSignal = (port = PORT): IpPermission => ({
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    UserIdGroupPairs: [{ GroupId: groups.signal }],
  });
  const rule = (
    IpPermissions: IpPermission[],
    group = "stock",
  ): { GroupId: string; IpPermissions: IpPermission[] } => ({
    GroupId: groups[group] ?? "",
    IpPermissions,
  });

  beforeAll(async () => {
    emulator = await Emulator.start();
    ecs = new EcsClient(emulator);
    ec2 = new EC2Client(clientConfig(emulator));
    cloudMap = cloudMapOf(emulator);
    dns = await DnsServer.start({ cloudMap });
    const network = await createNetwork(emulator);
    subnets = network.subnetIds;
    const { OperationId } = await cloudMap.send(
      new CreatePrivateDnsNamespaceCommand({ Name: "calls.internal", Vpc: network.vpcId }),
    );
    const { Operation } = await cloudMap.send(new GetOperationCommand({ OperationId }));
    namespaceId = Operation?.Targets?.NAMESPACE ?? "";
    await ecs.call("CreateCluster", { clusterName: "c" });
    for (const GroupName of ["stock", "signal", "stranger"]) {
      const created = await ec2.send(
        new CreateSecurityGroupCommand({ VpcId: network.vpcId, GroupName, Description: GroupName }),
      );
      groups[GroupName] = created.GroupId ?? "";
    }
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule([fromSignal()])));
    for (const name of ["stock", "signal", "stranger"]) await createService(name);
  });
  afterEach(() => runner?.stop({ fast: true }));
  afterAll(async () => {
    await dns.stop();
    ec2.destroy();
    cloudMap.destroy();
    await emulator.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const isolating = isolates ? test : test.skip;

  isolating("a call is let through where a rule allows it, from the caller's own address", async () => {
    await start();
    const { address } = task("signal");
    expect(runner?.snapshot().enforcesSecurityGroups).toBe(true);
    expect(await call("signal", "stock")).toBe(`hello ${address}`);
    // nobody lets these in; that a name is answered is not asked of security groups
    expect(await call("stranger", "stock")).toBe("ECONNREFUSED");
    expect(await call("stock", "signal")).toBe("ECONNREFUSED");
    // it listens there, and no rule is about that port
    expect(await call("signal", "stock", OTHER_PORT)).toBe("ECONNREFUSED");
    expect(await call("stock", "stock", OTHER_PORT)).toMatch(/^hello /);
  });

  isolating("a change of the rules is followed, in both directions", async () => {
    await start();
    expect(await call("signal", "stock")).toMatch(/^hello /);
    await ec2.send(new RevokeSecurityGroupIngressCommand(rule([fromSignal()])));
    await eventually("the way is closed", async () => (await call("signal", "stock")) === "ECONNREFUSED");
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule([fromSignal(), fromSignal(OTHER_PORT)])));
    await eventually("both are open", async () =>
      (await call("signal", "stock", OTHER_PORT)).startsWith("hello"),
    );
    expect(await call("signal", "stock")).toMatch(/^hello /);

    const all = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    const toStock = { ...fromSignal(), UserIdGroupPairs: [{ GroupId: groups.stock }] };
    await ec2.send(new RevokeSecurityGroupEgressCommand(rule([all], "signal")));
    await eventually("it may call nobody", async () => (await call("signal", "stock")) === "ECONNREFUSED");
    await ec2.send(new AuthorizeSecurityGroupEgressCommand(rule([toStock], "signal")));
    await eventually("it may call stock", async () => (await call("signal", "stock")).startsWith("hello"));
    expect(await call("signal", "stock", OTHER_PORT)).toBe("ECONNREFUSED");

    // for the other tests
    await ec2.send(new RevokeSecurityGroupEgressCommand(rule([toStock], "signal")));
    await ec2.send(new AuthorizeSecurityGroupEgressCommand(rule([all], "signal")));
    await ec2.send(new RevokeSecurityGroupIngressCommand(rule([fromSignal(OTHER_PORT)])));
  });

  isolating("a range of addresses lets in whom all subnets of it are of", async () => {
    await start();
    const range = (CidrIp: string): IpPermission => ({
      IpProtocol: "tcp",
      FromPort: PORT,
      ToPort: PORT,
      IpRanges: [{ CidrIp }],
    });
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule([range("10.0.1.0/24")])));
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule([range("10.0.0.0/16")], "signal")));
    await eventually("the VPC is let in", async () => (await call("stranger", "signal")).startsWith("hello"));
    expect(await call("stranger", "stock")).toBe("ECONNREFUSED");
    await ec2.send(new RevokeSecurityGroupIngressCommand(rule([range("10.0.0.0/16")], "signal")));
    await ec2.send(new RevokeSecurityGroupIngressCommand(rule([range("10.0.1.0/24")])));
  });

  isolating("tasks have no way out of this machine, nor to what else is on it", async () => {
    await start();
    const { address, port } = aws();
    expect(await callAt(address, port)).toBe("ECONNREFUSED");
    expect(await callAt("192.0.2.1", 80)).toBe("ENETUNREACH");
  });

  isolating("AWS is reached where a rule lets a task out to its port, and nothing else here is", async () => {
    const other = createServer((_, response) => response.end("other"))
      .listen(0, "127.0.0.1")
      .unref();
    await start({ aws: aws() });
    const { address, port } = aws();
    const reachesAws = async (): Promise<boolean> => (await callAt(address, port)) !== "ECONNREFUSED";
    expect(await callAt(address, port)).toContain("ListAllMyBucketsResult");
    expect(await callAt(address, (other.address() as AddressInfo).port)).toBe("ECONNREFUSED");
    other.close();

    const all = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    await ec2.send(new RevokeSecurityGroupEgressCommand(rule([all], "signal")));
    await eventually("AWS is out of reach", async () => !(await reachesAws()));
    await ec2.send(new AuthorizeSecurityGroupEgressCommand(rule([https], "signal")));
    await eventually("AWS is in reach", reachesAws);
    expect(await call("signal", "stock")).toBe("ECONNREFUSED");

    // for the other tests
    await ec2.send(new RevokeSecurityGroupEgressCommand(rule([https], "signal")));
    await ec2.send(new AuthorizeSecurityGroupEgressCommand(rule([all], "signal")));
  });

  test("where they are not enforced, the runner says so, and everybody may call", async () => {
    await start({ machine: { ...MACHINE, enforcesSecurityGroups: false } });
    expect(runner?.snapshot().enforcesSecurityGroups).toBe(false);
    expect(await call("stranger", "stock")).toMatch(/^hello /);
    expect(await call("stock", "signal")).toMatch(/^hello /);
  });

  describe("a runner that is killed", () => {
    let child: ChildProcess | undefined;
    afterEach(() => child?.kill("SIGKILL"));

    isolating("leaves no process and no network", async () => {
      const program = `
        const { TaskRunner } = require(${JSON.stringify(join(PROJECT, "local", "tasks"))});
        const report = () => process.stdout.write(JSON.stringify(runner.snapshot()) + "\\n");
        let runner;
        TaskRunner.start({
          emulator: { endpoint: ${JSON.stringify(emulator.endpoint)} },
          scratch: ${JSON.stringify(scratch)},
          images: Object.fromEntries(["stock", "signal", "stranger"].map((name) => [name, { command: [process.execPath, "caller.mjs"], cwd: ${JSON.stringify(IMAGES)} }])),
          pollMs: 200,
        }).then((started) => { runner = started; setInterval(report, 200); });
      `;
      writeFileSync(join(scratch, "run.cjs"), program);
      child = spawn(process.execPath, ["--import", "tsx", join(scratch, "run.cjs")], {
        cwd: PROJECT,
        stdio: ["ignore", "pipe", "inherit"],
      });
      let printed = "";
      child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      interface Seen {
        readonly networkPid: number;
        readonly services: readonly {
          readonly readyCount: number;
          readonly tasks: readonly TaskSnapshot[];
        }[];
      }
      const latest = (): Seen | undefined => {
        const line = printed.split("\n").at(-2);
        return line === undefined ? undefined : (JSON.parse(line) as Seen);
      };
      await until("all run", () => latest()?.services.every(({ readyCount }) => readyCount === 1) ?? false);
      const { networkPid = 0, services = [] } = latest() ?? {};
      const pids = services
        .flatMap(({ tasks }) => tasks)
        .map(({ containers: [container] }) => container?.pid ?? 0);
      const networks = pids.map((pid) => readlinkSync(`/proc/${pid}/ns/net`));
      expect(new Set(networks).size).toBe(3);

      child.kill("SIGKILL");
      await once(child, "exit");
      await until(
        "none is left",
        () => ![...pids, networkPid].some(isAlive) && processesWith(scratch).length === 0,
      );
      expect(networksInUse().filter((network) => networks.includes(network))).toEqual([]);
      const [first] = services.flatMap(({ tasks }) => tasks);
      expect(await listens(first?.address ?? "", PORT)).toBe(false);
    });
  });
});

/** Those that a process is in or has open. */
function networksInUse(): string[] {
  const links = (folder: string): string[] => {
    try {
      return readdirSync(folder).map((name) => `${folder}/${name}`);
    } catch {
      return [];
    }
  };
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const paths = pids.flatMap((pid) => [`/proc/${pid}/ns/net`, ...links(`/proc/${pid}/fd`)]);
  return paths.flatMap((path) => {
    try {
      const target = readlinkSync(path);
      return target.startsWith("net:") ? [target] : [];
    } catch {
      return [];
    }
  });
}
