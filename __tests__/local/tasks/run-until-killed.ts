// A task runner in a process of its own, which a test kills, or stops by SIGUSR2: node --import tsx run-until-killed.ts SCRATCH
import { TaskRunner } from "../../../local/tasks";
import { FakeCloudMap, FakeEc2, FakeEcs, FakeEfs } from "./fake-aws";
import { IMAGES } from "./images";
import { NO_EMULATOR } from "./runner-bench";

async function main(scratch: string): Promise<void> {
  const ecs = new FakeEcs();
  // a task with a child of its own, that ignores SIGTERM and SIGHUP, and a check that never ends
  const command = ["-c", `trap '' TERM HUP; ${process.execPath} web.mjs & wait; sleep 1000`];
  const healthCheck = { command: ["CMD-SHELL", "trap '' TERM HUP; sleep 1001"], interval: 1, timeout: 1000 };
  ecs.put({
    desiredCount: 2,
    taskDefinition: ecs.register({ entryPoint: ["/bin/sh"], command, healthCheck, stopTimeout: 100 }),
  });
  const runner = await TaskRunner.start({
    emulator: NO_EMULATOR,
    api: { ecs, cloudMap: new FakeCloudMap(), efs: new FakeEfs(), ec2: new FakeEc2() },
    images: { web: { command: [], cwd: IMAGES } },
    scratch,
    timeScale: 0.1,
    onEvent: ({ type }) => process.stdout.write(`${type}\n`),
    onTaskLog: ({ line }) => process.stdout.write(`${line}\n`),
  });
  process.once("SIGUSR2", () => void runner.stop({ fast: true }));
}

void main(process.argv[2] ?? "");
