import type { CloudMap } from "../../../local/dns/cloud-map";

export interface FakeService {
  name: string;
  records: [type: string, ttl: number][];
  routingPolicy?: "MULTIVALUE" | "WEIGHTED";
  /** Who says whether an instance is healthy. */
  health?: "custom" | "route53";
  instances: { id: string; status?: string; attributes: Record<string, string> }[];
}

export interface FakeNamespace {
  name: string;
  type?: "DNS_PRIVATE" | "DNS_PUBLIC" | "HTTP";
  soaTtl?: number;
  services: FakeService[];
}

type Call = keyof CloudMap;

/** A Cloud Map whose state is an array. Ids are the positions in it. */
export class FakeCloudMap implements CloudMap {
  public readonly calls: Call[] = [];
  /** How many rows a page has. */
  public pageSize = 100;
  /** Is waited for before every answer. */
  public before: (call: Call) => Promise<void> = () => Promise.resolve();

  public constructor(public namespaces: FakeNamespace[]) {}

  public count(call: Call): number {
    return this.calls.filter((made) => made === call).length;
  }

  public async listNamespaces(page: Token): ReturnType<CloudMap["listNamespaces"]> {
    await this.call("listNamespaces");
    const rows = this.namespaces.map(({ name, type = "DNS_PRIVATE", soaTtl }, index) => ({
      Id: `${index}`,
      Name: name,
      Type: type,
      Properties: {
        DnsProperties: soaTtl === undefined ? {} : { SOA: { TTL: soaTtl } },
      },
    }));
    const { rows: Namespaces, NextToken } = this.page(rows, page);
    return { Namespaces, NextToken };
  }

  public async listServices(
    page: Token & { Filters: { Values: string[] }[] },
  ): ReturnType<CloudMap["listServices"]> {
    await this.call("listServices");
    const namespace = page.Filters[0]?.Values[0] ?? "";
    const rows = (this.namespaces[Number(namespace)]?.services ?? []).map((service, index) => ({
      Id: `${namespace}/${index}`,
      Name: service.name,
      ...(service.records.length > 0 && {
        DnsConfig: {
          RoutingPolicy: service.routingPolicy,
          DnsRecords: service.records.map(([Type, TTL]) => ({ Type, TTL })),
        },
      }),
      ...(service.health === "custom" && { HealthCheckCustomConfig: { FailureThreshold: 1 } }),
      ...(service.health === "route53" && { HealthCheckConfig: { Type: "HTTP" } }),
    }));
    const { rows: Services, NextToken } = this.page(rows, page);
    return { Services, NextToken };
  }

  public async listInstances(page: Token & { ServiceId: string }): ReturnType<CloudMap["listInstances"]> {
    await this.call("listInstances");
    const rows = this.service(page).instances.map(({ id, attributes }) => ({
      Id: id,
      Attributes: attributes,
    }));
    const { rows: Instances, NextToken } = this.page(rows, page);
    return { Instances, NextToken };
  }

  public async getInstancesHealthStatus(
    page: Token & { ServiceId: string },
  ): ReturnType<CloudMap["getInstancesHealthStatus"]> {
    await this.call("getInstancesHealthStatus");
    const statuses = this.service(page).instances.map(({ id, status = "HEALTHY" }) => [id, status] as const);
    const { rows, NextToken } = this.page(statuses, page);
    return { Status: Object.fromEntries(rows), NextToken };
  }

  private async call(call: Call): Promise<void> {
    this.calls.push(call);
    await this.before(call);
  }

  private service({ ServiceId }: { ServiceId: string }): FakeService {
    const [namespace, service] = ServiceId.split("/").map(Number);
    const found = this.namespaces[namespace ?? -1]?.services[service ?? -1];
    if (!found) throw Object.assign(new Error("no such service"), { name: "ServiceNotFound" });
    return found;
  }

  private page<T>(rows: T[], { NextToken = "0" }: Token): { rows: T[]; NextToken?: string } {
    const start = Number(NextToken);
    const end = start + this.pageSize;
    return { rows: rows.slice(start, end), ...(end < rows.length && { NextToken: `${end}` }) };
  }
}

interface Token {
  NextToken?: string;
}

/** `count` instances with the addresses 10.0.0.1 onwards. */
export function instances(count: number, more: Record<string, string> = {}): FakeService["instances"] {
  return Array.from({ length: count }, (_, index) => ({
    id: `task-${index + 1}`,
    attributes: {
      AWS_INSTANCE_IPV4: `10.0.0.${index + 1}`,
      AWS_INSTANCE_IPV6: `2001:db8::${(index + 1).toString(16)}`,
      AWS_INSTANCE_PORT: `${8000 + index + 1}`,
      ...more,
    },
  }));
}
