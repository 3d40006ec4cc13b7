import { isIPv4, isIPv6 } from "node:net";
import type { SoaData } from "dns-packet";
import { isDomainName, normalized } from "./domain-name";
import type { Instance, Namespace, Service } from "./cloud-map";

export interface SrvTarget {
  readonly port: number;
  readonly target: string;
}

/** The records of one name and type. */
export type RecordSet = { readonly ttl: number; readonly weighted: boolean } & (
  | { readonly type: "A" | "AAAA" | "CNAME"; readonly values: readonly string[] }
  | { readonly type: "SRV"; readonly values: readonly SrvTarget[] }
);

/**
 * What Route 53 writes into the SOA of a private zone: the numbers are those of
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html; every private zone has these four name
 * servers, of which the first is in the SOA.
 */
export const NAME_SERVERS = [
  "ns-1536.awsdns-00.co.uk",
  "ns-0.awsdns-00.com",
  "ns-1024.awsdns-00.org",
  "ns-512.awsdns-00.net",
];
const SOA_DATA = {
  mname: "ns-1536.awsdns-00.co.uk",
  rname: "awsdns-hostmaster.amazon.com",
  serial: 1,
  refresh: 7200,
  retry: 900,
  expire: 1_209_600,
  minimum: 86_400,
};

/**
 * How long a resolver remembers that a name does not exist, in seconds, where the namespace has no SOA TTL of its own:
 * what the VPC's resolver does, and the TTL of the SOA of a public zone (aws/aws-app-mesh-roadmap#221).
 */
const NEGATIVE_TTL = { private: 300, public: 900 };

/** The Route 53 zone of a namespace. */
export class Zone {
  public readonly soa: { readonly ttl: number; readonly data: SoaData } = { ttl: 0, data: SOA_DATA };
  private readonly names = new Map<string, RecordSet[]>();

  /** @param negativeTtl for a namespace without an SOA TTL, in seconds */
  public constructor(
    private readonly namespace: Namespace,
    negativeTtl?: number,
  ) {
    const usual = NEGATIVE_TTL[namespace.private ? "private" : "public"];
    const ttl = namespace.soaTtl ?? negativeTtl ?? usual;
    // RFC 2308, 3: the SOA of a negative answer has the smaller of its TTL and its minimum
    this.soa = { ttl: Math.min(ttl, SOA_DATA.minimum), data: SOA_DATA };
    this.names.set(this.name, []);
    for (const service of namespace.services) this.addService(service);
  }

  public get name(): string {
    return normalized(this.namespace.name);
  }

  /** The records of a name; none of a name that only has names below it; `undefined` where there is no such name. */
  public recordSets(name: string): readonly RecordSet[] | undefined {
    return this.names.get(normalized(name));
  }

  private addService(service: Service): void {
    const name = serviceName(service, this.namespace);
    const weighted = service.routingPolicy === "WEIGHTED";
    const { instances } = service;
    for (const { type, ttl } of service.records) {
      if (type === "SRV") {
        const targets = instances.flatMap((instance) => srvTarget(instance, name));
        this.add(name, { type, ttl, weighted, values: targets.map(({ srv }) => srv) });
        for (const { srv, instance } of targets) {
          this.add(srv.target, { type: "A", ttl, weighted, values: ipv4(instance) });
          this.add(srv.target, { type: "AAAA", ttl, weighted, values: ipv6(instance) });
        }
      }
      if (type === "A") this.add(name, { type, ttl, weighted, values: unique(instances.flatMap(ipv4)) });
      if (type === "AAAA") this.add(name, { type, ttl, weighted, values: unique(instances.flatMap(ipv6)) });
      if (type === "CNAME") this.add(name, { type, ttl, weighted, values: unique(instances.flatMap(cname)) });
    }
  }

  /** A name without records is not there, unless there is a name below it (RFC 8020). */
  private add(name: string, recordSet: RecordSet): void {
    if (recordSet.values.length === 0 || !isDomainName(name)) return;
    const key = normalized(name);
    this.names.set(key, [...(this.names.get(key) ?? []), recordSet]);
    for (let above = parent(key); above.length > this.name.length; above = parent(above)) {
      if (!this.names.has(above)) this.names.set(above, []);
    }
  }
}

/** The name that a service's records have; Cloud Map has a service named `.` for those of the namespace's own name. */
export function serviceName(service: Service, namespace: Namespace): string {
  return service.name === "." ? namespace.name : `${service.name}.${namespace.name}`;
}

/** All zones that the server answers from. */
export class Zones {
  private readonly zones = new Map<string, Zone>();

  public constructor(namespaces: readonly Namespace[], negativeTtl?: number) {
    // of a public and a private zone of one name a VPC sees the private one
    const ordered = [...namespaces].sort((one, other) => Number(other.private) - Number(one.private));
    for (const namespace of ordered) {
      const zone = new Zone(namespace, negativeTtl);
      if (!this.zones.has(zone.name)) this.zones.set(zone.name, zone);
    }
  }

  /** The zone that a name lies in: that with the longest name. */
  public zoneOf(name: string): Zone | undefined {
    for (let end = normalized(name); end !== ""; end = parent(end)) {
      const zone = this.zones.get(end);
      if (zone) return zone;
    }
    return undefined;
  }
}

/** What is no address is left out; AWS does not let it be registered. */
function ipv4({ attributes }: Instance): string[] {
  const address = attributes.AWS_INSTANCE_IPV4 ?? "";
  return isIPv4(address) ? [address] : [];
}

function ipv6({ attributes }: Instance): string[] {
  const address = attributes.AWS_INSTANCE_IPV6 ?? "";
  // an address with a scope (`fe80::1%eth0`) is one for Node, but has no place in a record
  return isIPv6(address) && !address.includes("%") ? [address] : [];
}

function cname({ attributes }: Instance): string[] {
  const target = attributes.AWS_INSTANCE_CNAME ?? "";
  return isDomainName(target) ? [target] : [];
}

/** `<instance>.<service>.<namespace>`: https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsRecord.html */
function srvTarget(instance: Instance, name: string): { instance: Instance; srv: SrvTarget }[] {
  const port = Number(instance.attributes.AWS_INSTANCE_PORT);
  const target = `${instance.id}.${name}`;
  const valid = Number.isInteger(port) && port >= 0 && port <= 65_535 && isDomainName(target);
  return valid ? [{ instance, srv: { port, target } }] : [];
}

function parent(name: string): string {
  const dot = name.indexOf(".");
  return dot === -1 ? "" : name.slice(dot + 1);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
