import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appUserMayRead } from "../../../local/platform/images";
import { ContainerCommand } from "../../../local/tasks/container-command";
import type { Volume } from "../../../local/tasks/ecs-api";
import { EfsFolders } from "../../../local/tasks/efs-folders";
import { probeMachine } from "../../../local/tasks/machine";
import { mountsOf, rewritten } from "../../../local/tasks/volumes";
import { FakeEfs } from "./fake-aws";
import { IMAGES } from "./images";
import { kill, RunnerBench } from "./runner-bench";

const isRoot = process.getuid?.() === 0;
// another user cannot run what lies in a folder that is closed to it, as home directories often are
const runsAsUsers = isRoot && appUserMayRead();
const CREATION = { OwnerUid: 1000, OwnerGid: 1001, Permissions: "0750" };

function efsVolume(name: string, accessPointId?: string, fileSystemId = "fs-1"): Volume {
  return { name, efsVolumeConfiguration: { fileSystemId, authorizationConfig: { accessPointId } } };
}

describe("volumes", () => {
  let bench: RunnerBench;
  beforeEach(() => (bench = new RunnerBench()));
  afterEach(() => bench.dispose());

  test("what a task writes to an access point outlives it, and the next one reads it", async () => {
    bench.efs.accessPoints.set("fsap-1", {
      FileSystemId: "fs-1",
      RootDirectory: { Path: "/web/data", CreationInfo: CREATION },
    });
    const containerPath = "/this/is/not/on/the/machine";
    const mount = { mountPoints: [{ sourceVolume: "data", containerPath }] };
    const environment = [{ name: "DATA", value: `${containerPath}/text` }];
    const user = runsAsUsers ? "1000:1001" : undefined;
    const volumes = [efsVolume("data", "fsap-1")];
    bench.ecs.put({ taskDefinition: bench.ecs.register({ ...mount, environment, user }, { volumes }) });
    await bench.start();
    const [first] = await bench.ready(1);
    expect(await bench.ask(first, "/read")).toBe("nothing");
    await bench.ask(first, "/write?something");

    const folder = join(bench.scratch, "efs", "fs-1", "web", "data");
    expect(readFileSync(join(folder, "text"), "utf8")).toBe("something");
    expect(statSync(folder).mode & 0o777).toBe(0o750);
    if (isRoot) expect(statSync(folder)).toMatchObject({ uid: 1000, gid: 1001 });
    if (runsAsUsers) {
      expect(statSync(join(folder, "text"))).toMatchObject({ uid: 1000, gid: 1001 });
      expect(await bench.about(first)).toMatchObject({ uid: 1000, gid: 1001 });
    }
    expect(existsSync("/this")).toBe(false);

    kill(first);
    await bench.until("it is replaced", () => bench.messages("task-stopped").length === 1);
    const [second] = await bench.ready(1);
    expect(await bench.ask(second, "/read")).toBe("something");
    await bench.runner.stop();
    expect(readFileSync(join(folder, "text"), "utf8")).toBe("something");
  });

  const inNamespace = probeMachine(tmpdir()).mounts === "namespace" ? test : test.skip;

  inNamespace(
    "a program sees its volumes, and the health check too, at paths the machine has or not",
    async () => {
      const resolvConf = join(bench.scratch, "resolv.conf");
      writeFileSync(resolvConf, "nameserver 127.0.0.53\n");
      const script =
        "cat /etc/resolv.conf; echo 1 > /data/own; echo 2 > /srv/new/own; echo 3 > /data/inner/own; ls / /srv | sort | head -3; " +
        'echo x > /opt/own 2>/dev/null || echo read only; echo started; exec "$0" web.mjs';
      const check = "test -s /data/own && test -s /srv/new/own && test -s /data/inner/own";
      bench.ecs.put({
        taskDefinition: bench.ecs.register(
          {
            entryPoint: ["/bin/sh", "-c", script, process.execPath],
            healthCheck: { command: ["CMD-SHELL", check], interval: 5 },
            mountPoints: [
              { sourceVolume: "inner", containerPath: "/data/inner" },
              { sourceVolume: "outer", containerPath: "/data/" },
              { sourceVolume: "new", containerPath: "/srv/new" },
              { sourceVolume: "fixed", containerPath: "/opt", readOnly: true },
            ],
          },
          { volumes: ["inner", "outer", "new", "fixed"].map((name) => ({ name })) },
        ),
      });
      const before = readdirSync("/srv");
      await bench.start({ resolvConf });
      const [task] = await bench.ready(1);
      expect(task?.health).toBe("HEALTHY");
      await bench.until("all is printed", () => bench.logs.some(({ line }) => line === "started"));
      const lines = bench.logs.map(({ line }) => line);
      expect(lines[0]).toBe("nameserver 127.0.0.53");
      expect(lines).toContain("read only");
      const volumes = join(bench.scratch, "tasks", task?.taskId ?? "", "volumes");
      expect(readFileSync(join(volumes, "inner", "own"), "utf8")).toBe("3\n");
      // nobody else sees it
      expect(readdirSync("/srv")).toEqual(before);
      expect(existsSync("/data/own")).toBe(false);
      expect(readFileSync("/proc/mounts", "utf8")).not.toContain(bench.scratch);
      await bench.runner.stop();
      expect(existsSync(volumes)).toBe(false);
    },
  );
});

describe("folders in the place of EFS", () => {
  let bench: RunnerBench;
  let efs: FakeEfs;
  let folders: EfsFolders;
  beforeEach(() => {
    bench = new RunnerBench();
    efs = new FakeEfs();
    folders = new EfsFolders(bench.scratch, efs);
  });
  afterEach(() => bench.dispose());

  const folderOf = (fileSystemId: string, accessPointId?: string, rootDirectory?: string): Promise<string> =>
    folders.folderOf({ fileSystemId, rootDirectory, authorizationConfig: { accessPointId } });

  test("two access points are two folders, and one that is there is left alone", async () => {
    for (const id of ["a", "b"]) {
      efs.accessPoints.set(id, {
        FileSystemId: "fs-1",
        RootDirectory: { Path: `/${id}`, CreationInfo: CREATION },
      });
    }
    const a = await folderOf("fs-1", "a");
    expect(a).not.toBe(await folderOf("fs-1", "b"));
    chmodSync(a, 0o701);
    await folderOf("fs-1", "a");
    expect(statSync(a).mode & 0o777).toBe(0o701);
  });

  test("the root is there, other directories are not, as on EFS", async () => {
    efs.accessPoints.set("bare", { FileSystemId: "fs-1", RootDirectory: { Path: "/none" } });
    const root = await folderOf("fs-1");
    expect(root).toBe(join(bench.scratch, "efs", "fs-1"));
    await expect(folderOf("fs-1", undefined, "/none")).rejects.toThrow(
      "/none is not on the file system fs-1",
    );
    await expect(folderOf("fs-1", "bare")).rejects.toThrow("which has no CreationInfo");
    mkdirSync(join(root, "none"));
    expect(await folderOf("fs-1", "bare")).toBe(join(root, "none"));
  });

  test("a path does not lead out of the file system", async () => {
    expect(await folderOf("fs-1", undefined, "/../../..")).toBe(join(bench.scratch, "efs", "fs-1"));
  });

  test("an access point is one of its file system", async () => {
    efs.accessPoints.set("a", { FileSystemId: "fs-1" });
    await expect(folderOf("fs-2", "a")).rejects.toThrow("is of the file system fs-1, the volume of fs-2");
    await expect(folderOf("fs-2", "x")).rejects.toThrow("there is no EFS access point x");
  });
});

describe("volumes without mount namespaces", () => {
  const mounts = [
    { source: "/s/data", target: "/data", readOnly: false },
    { source: "/s/inner", target: "/data/inner", readOnly: false },
  ];

  test.each([
    ["/data", "/s/data"],
    ["/data/stock.db", "/s/data/stock.db"],
    ["/data/inner/x", "/s/inner/x"],
    ["/database", "/database"],
    ["file:/data/x", "file:/data/x"],
  ])("%s becomes %s", (value, expected) => expect(rewritten(value, mounts)).toBe(expected));

  test("the environment has the folders, and the program is run as it is", () => {
    const definition = {
      name: "web",
      image: "web",
      user: "1000",
      environment: [{ name: "FILE", value: "/data/x" }],
    };
    const { start, inside } = bound(
      new ContainerCommand({
        definition,
        image: { command: ["node", "/data/x"], cwd: IMAGES, env: { DEFAULT: "/data/y" } },
        machine: { mounts: "environment", switchesUser: false, enforcesSecurityGroups: false },
        address: "127.64.0.1",
        mounts,
        stage: "/stage",
        temporary: "/tmp",
        secrets: {},
        environment: {},
      }),
    );
    expect(start).toMatchObject({
      argv: ["node", "/data/x"],
      cwd: IMAGES,
      env: { FILE: "/s/data/x", DEFAULT: "/s/data/y", HOST: "127.64.0.1" },
    });
    expect(inside).toMatchObject({ argv: ["check"], cwd: IMAGES, env: { FILE: "/s/data/x" } });
  });

  test("a volume of a container instance is refused, and so is one that is missing", () => {
    const container = {
      name: "web",
      image: "web",
      mountPoints: [{ sourceVolume: "v", containerPath: "/v" }],
    };
    expect(() => mountsOf(container, new Map())).toThrow(
      'mounts the volume "v", which its task definition does not have',
    );
  });
});

function bound(command: ContainerCommand): { start: unknown; inside: unknown } {
  return { start: command.start, inside: command.inside(1, ["check"]) };
}
