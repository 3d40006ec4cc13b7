import type { Emulator } from "../emulator-process";
import { EcsClient } from "../tasks/ecs-client";
import { callEmulator, callJson } from "../tasks/emulator-call";

/** A call that lists what an account has. */
interface Listing {
  readonly what: string;
  readonly service: string;
  readonly target: string;
  /** Of the list in the answer. */
  readonly list: string;
}

const LISTINGS: readonly Listing[] = [
  {
    what: "namespace",
    service: "servicediscovery",
    target: "Route53AutoNaming_v20170314.ListNamespaces",
    list: "Namespaces",
  },
  {
    what: "log group",
    service: "logs",
    target: "Logs_20140328.DescribeLogGroups",
    list: "logGroups",
  },
  {
    what: "repository",
    service: "ecr",
    target: "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
    list: "repositories",
  },
];

/** What emulated AWS has of that which costs money or takes a name, other than its network. */
export async function leftInAws(emulator: Pick<Emulator, "endpoint">): Promise<string[]> {
  const { endpoint } = emulator;
  const found = await activeClusters(new EcsClient(emulator));
  for (const { what, service, target, list } of LISTINGS) {
    const answer = (await callJson(endpoint, service, target)) as Record<string, unknown[] | undefined>;
    found.push(...(answer[list] ?? []).map((item) => `${what} ${nameOf(item)}`));
  }
  const efs = (await callEmulator(endpoint, {
    service: "elasticfilesystem",
    method: "GET",
    path: "/2015-02-01/file-systems",
  })) as { FileSystems?: unknown[] };
  return [...found, ...(efs.FileSystems ?? []).map((item) => `file system ${nameOf(item)}`)];
}

/** ECS lists a deleted cluster for a while, as INACTIVE. */
async function activeClusters(ecs: EcsClient): Promise<string[]> {
  const { clusters = [] } = await ecs.call<{ clusters?: { clusterName: string; status: string }[] }>(
    "DescribeClusters",
    { clusters: await ecs.listClusters() },
  );
  return clusters
    .filter(({ status }) => status !== "INACTIVE")
    .map(({ clusterName }) => `ECS cluster ${clusterName}`);
}

function nameOf(item: unknown): string {
  if (typeof item === "string") return item;
  const named = item as Record<string, string | undefined>;
  return (
    named.Name ?? named.logGroupName ?? named.repositoryName ?? named.FileSystemId ?? JSON.stringify(item)
  );
}
