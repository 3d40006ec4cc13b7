import { ServiceDiscovery } from "@aws-sdk/client-servicediscovery";
import { clientConfig } from "../aws-client";
import type { Emulator } from "../emulator-process";

/**
 * The reads that answering DNS takes, as `ServiceDiscovery` of the AWS SDK has them.
 *
 * Not DiscoverInstances: it finds a namespace by a name that an HTTP namespace may share, has no pages, and the SDK
 * sends it to the host `data-<endpoint>`.
 */
export interface CloudMap {
  listNamespaces(input: Page, options: Abort): Promise<NamespacePage>;
  listServices(input: Page & { Filters: NamespaceFilter[] }, options: Abort): Promise<ServicePage>;
  listInstances(input: Page & { ServiceId: string }, options: Abort): Promise<InstancePage>;
  getInstancesHealthStatus(input: Page & { ServiceId: string }, options: Abort): Promise<HealthPage>;
}

/** A namespace that has a zone. */
export interface Namespace {
  readonly name: string;
  readonly private: boolean;
  /** `DnsProperties.SOA.TTL`, in seconds. @default - Route 53's own */
  readonly soaTtl?: number;
  readonly services: readonly Service[];
}

/** A service that has DNS records. */
export interface Service {
  readonly id: string;
  readonly name: string;
  readonly routingPolicy: string;
  /** Each type with its TTL in seconds. */
  readonly records: readonly { readonly type: string; readonly ttl: number }[];
  /** Those that Route 53 has records of now. */
  readonly instances: readonly Instance[];
}

export interface Instance {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What reads the emulator's Cloud Map. Whoever makes it calls `destroy()` after the server has stopped. */
export function cloudMapOf(emulator: Emulator): ServiceDiscovery {
  // an emulator that does not answer must not be waited for: the next query asks again
  return new ServiceDiscovery({ ...clientConfig(emulator), maxAttempts: 1 });
}

/** Everything that DNS answers are made of. @throws what the API throws, other than that something was just deleted */
export async function readNamespaces(cloudMap: CloudMap, abortSignal: AbortSignal): Promise<Namespace[]> {
  const options = { abortSignal };
  const summaries = await all(
    (page) => cloudMap.listNamespaces(page, options),
    ({ Namespaces }) => Namespaces,
  );
  const withZone = summaries.filter(({ Type }) => Type === "DNS_PRIVATE" || Type === "DNS_PUBLIC");
  return Promise.all(
    withZone.map(async ({ Id, Name = "", Type, Properties }) => ({
      name: Name,
      private: Type === "DNS_PRIVATE",
      soaTtl: Properties?.DnsProperties?.SOA?.TTL,
      services: await readServices(cloudMap, Id ?? "", options),
    })),
  );
}

async function readServices(cloudMap: CloudMap, namespaceId: string, options: Abort): Promise<Service[]> {
  const filter = { Name: "NAMESPACE_ID" as const, Values: [namespaceId], Condition: "EQ" as const };
  const summaries = await all(
    (page) => cloudMap.listServices({ ...page, Filters: [filter] }, options),
    ({ Services }) => Services,
  );
  const withRecords = summaries.filter(({ DnsConfig }) => (DnsConfig?.DnsRecords ?? []).length > 0);
  return Promise.all(
    withRecords.map(async (summary) => ({
      id: summary.Id ?? "",
      name: summary.Name ?? "",
      routingPolicy: summary.DnsConfig?.RoutingPolicy ?? "MULTIVALUE",
      records: (summary.DnsConfig?.DnsRecords ?? []).map(({ Type = "", TTL = 0 }) => ({
        type: Type,
        ttl: TTL,
      })),
      instances: await unlessDeleted(readInstances(cloudMap, summary, options)),
    })),
  );
}

async function readInstances(
  cloudMap: CloudMap,
  { Id: ServiceId = "", HealthCheckConfig, HealthCheckCustomConfig }: ServiceSummary,
  options: Abort,
): Promise<Instance[]> {
  const summaries = await all(
    (page) => cloudMap.listInstances({ ...page, ServiceId }, options),
    ({ Instances }) => Instances,
  );
  const instances = summaries.map(({ Id = "", Attributes = {} }) => ({ id: Id, attributes: Attributes }));
  if (instances.length === 0 || !(HealthCheckConfig ?? HealthCheckCustomConfig)) return instances;
  const status = new Map(
    await all(
      (page) => cloudMap.getInstancesHealthStatus({ ...page, ServiceId }, options),
      ({ Status = {} }) => Object.entries(Status),
    ),
  );
  // the status is read later: whoever is not in it was deregistered in between
  const healthy = instances.filter(({ id }) => (status.get(id) ?? "UNHEALTHY") !== "UNHEALTHY");
  // Route 53 answers with unhealthy records where it has no others, but that is about its own health checks
  // (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html, MultiValueAnswer). Of an
  // instance whose custom status is UNHEALTHY Cloud Map has no record (aws/containers-roadmap#830).
  return healthy.length === 0 && HealthCheckConfig ? instances : healthy;
}

/** The rows of all pages. */
async function all<P extends { NextToken?: string | undefined }, R>(
  read: (page: Page) => Promise<P>,
  rows: (page: P) => R[] | undefined,
): Promise<R[]> {
  const found: R[] = [];
  let NextToken: string | undefined;
  do {
    const page = await read(NextToken === undefined ? {} : { NextToken });
    found.push(...(rows(page) ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** What is deleted between two calls has no instances; it is not an error of the API. */
async function unlessDeleted(instances: Promise<Instance[]>): Promise<Instance[]> {
  try {
    return await instances;
  } catch (error) {
    if (error instanceof Error && error.name === "ServiceNotFound") return [];
    throw error;
  }
}

interface Page {
  NextToken?: string;
}

interface Abort {
  abortSignal: AbortSignal;
}

interface NamespaceFilter {
  Name: "NAMESPACE_ID";
  Values: string[];
  Condition: "EQ";
}

interface NamespacePage {
  Namespaces?: NamespaceSummary[] | undefined;
  NextToken?: string | undefined;
}

interface NamespaceSummary {
  Id?: string | undefined;
  Name?: string | undefined;
  Type?: string | undefined;
  Properties?: { DnsProperties?: { SOA?: { TTL: number | undefined } | undefined } | undefined } | undefined;
}

interface ServicePage {
  Services?: ServiceSummary[] | undefined;
  NextToken?: string | undefined;
}

interface ServiceSummary {
  Id?: string | undefined;
  Name?: string | undefined;
  DnsConfig?:
    | {
        RoutingPolicy?: string | undefined;
        DnsRecords: { Type: string | undefined; TTL: number | undefined }[] | undefined;
      }
    | undefined;
  HealthCheckConfig?: object | undefined;
  HealthCheckCustomConfig?: object | undefined;
}

interface InstancePage {
  Instances?: { Id?: string | undefined; Attributes?: Record<string, string> | undefined }[] | undefined;
  NextToken?: string | undefined;
}

interface HealthPage {
  Status?: Record<string, string> | undefined;
  NextToken?: string | undefined;
}
