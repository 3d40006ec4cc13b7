import { ListNamespacesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { clientConfig } from "../../../local/aws-client";
import { isAlive } from "../../../local/still-there";
import { Bench } from "../harness";

const NAMESPACE = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "name" {}
provider "aws" {
  default_tags {
    tags = { Namespace = var.name }
  }
}
resource "aws_service_discovery_http_namespace" "namespace" { name = var.name }
`;
const GONE_POLL_MS = 50;

describe("a provider that is kept for many commands", () => {
  test("works in the account of its own bench, one command after another, whatever certificates AWS has", async () => {
    const before = process.env.AWS_CA_BUNDLE;
    process.env.AWS_CA_BUNDLE = join(__dirname, "there-is-none.pem");
    const benches = await Promise.all([Bench.start(), Bench.start()]);
    try {
      const applied = benches.map(async (bench, index) => {
        const name = `namespace-${index}`;
        const folder = bench.folderWith({ "main.tf": NAMESPACE });
        await folder.apply({ name });
        expect((await folder.plan({ name })).isEmpty).toBe(true);
        return namespacesOf(bench);
      });
      expect(await Promise.all(applied)).toEqual([["namespace-0"], ["namespace-1"]]);
    } finally {
      if (before === undefined) delete process.env.AWS_CA_BUNDLE;
      else process.env.AWS_CA_BUNDLE = before;
      await Promise.all(benches.map((bench) => bench.dispose()));
    }
  });

  test("keeps apart what commands that run at the same time configure", async () => {
    const bench = await Bench.start();
    try {
      const changes = ["one", "other"].map(async (name) => {
        const folder = bench.folderWith({ "main.tf": NAMESPACE });
        await folder.apply({ name });
        return (await folder.plan({ name })).changes;
      });
      expect(await Promise.all(changes)).toEqual([{}, {}]);
    } finally {
      await bench.dispose();
    }
  });

  test.each(["SIGKILL", "SIGINT", "SIGTERM"] as const)(
    "ends when %s ends whoever has started it",
    async (signal) => {
      const { keeper, provider } = await keep(process.pid);
      keeper.kill(signal);
      await gone(provider);
      expect(isAlive(provider)).toBe(false);
    },
  );

  test("ends when Jest is killed, in the middle of a test", async () => {
    const jest = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    const { keeper, provider } = await keep(jest.pid ?? 0);
    expect(isAlive(provider)).toBe(true);
    const ended = once(keeper, "exit");
    jest.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
    await gone(provider);
    expect(isAlive(provider)).toBe(false);
  });
});

/** Keeps a provider in a process of its own. */
async function keep(jest: number): Promise<{ readonly keeper: ChildProcess; readonly provider: number }> {
  const keeper = spawn(process.execPath, ["--import", "tsx", join(__dirname, "keep-until-killed.ts")], {
    env: { ...process.env, TEST_RUN_BY: `${jest}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed] = (await once(keeper.stdout, "data")) as [Buffer];
  return { keeper, provider: Number(printed.toString()) };
}

/** The test ends, if at all, when the process has ended. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, GONE_POLL_MS));
}

async function namespacesOf({ emulator }: Bench): Promise<(string | undefined)[]> {
  const client = new ServiceDiscoveryClient(clientConfig(emulator));
  const { Namespaces = [] } = await client.send(new ListNamespacesCommand({}));
  return Namespaces.map(({ Name }) => Name);
}
