import type { Answer, Question } from "dns-packet";
import { normalized } from "./domain-name";
import { NAME_SERVERS, type RecordSet, type Zone, type Zones } from "./zone";

/** The response codes of RFC 1035 and, of the codes for EDNS, BADVERS. */
export const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;

export type Status = keyof typeof RCODE;

/** The contents of a response. */
export interface Reply {
  readonly status: Status;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
  readonly additionals: readonly Answer[];
}

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html */
const MULTIVALUE_LIMIT = 8;
/** Of names that lead to another; more of them are a circle. */
const CNAME_LIMIT = 8;
const NAME_SERVERS_TTL = 172_800;
/** They ask for a whole zone. */
const TRANSFERS = ["AXFR", "IXFR"];

/** A response without records. */
export function failure(status: Status): Reply {
  return { status, answers: [], authorities: [], additionals: [] };
}

/** Answers a question as Route 53 does for a VPC that the zones are associated with. */
export function answer(zones: Zones, question: Question): Reply {
  const zone = zones.zoneOf(question.name);
  if (zone === undefined || question.class !== "IN" || TRANSFERS.includes(question.type)) {
    return failure("REFUSED");
  }
  const recordSets = zone.recordSets(question.name);
  if (recordSets === undefined) return negative(zone, "NXDOMAIN");
  const answers = [...ofApex(zone, question), ...ofRecordSets(zones, recordSets, question)];
  if (answers.length === 0) return negative(zone, "NOERROR");
  return { status: "NOERROR", answers, authorities: [], additionals: targets(zones, answers) };
}

/** RFC 2308: the SOA says how long the resolver may remember it. */
function negative(zone: Zone, status: Status): Reply {
  return { ...failure(status), authorities: [soa(zone, zone.name)] };
}

function soa(zone: Zone, name: string): Answer {
  return { type: "SOA", name, ...zone.soa };
}

function ofApex(zone: Zone, { name, type }: Question): Answer[] {
  if (normalized(name) !== zone.name) return [];
  const nameServers = NAME_SERVERS.map((data): Answer => ({ type: "NS", name, ttl: NAME_SERVERS_TTL, data }));
  return [...(asksFor(type, "SOA") ? [soa(zone, name)] : []), ...(asksFor(type, "NS") ? nameServers : [])];
}

function ofRecordSets(
  zones: Zones,
  recordSets: readonly RecordSet[],
  { name, type }: Question,
  depth = 0,
): Answer[] {
  const answers = recordSets.filter((set) => asksFor(type, set.type)).flatMap((set) => records(set, name));
  const alias = recordSets.find((set) => set.type === "CNAME");
  if (answers.length > 0 || alias === undefined) return answers;
  // whoever asks for an address wants that of the name that this one leads to, if it is known here
  return records(alias, name).flatMap((record) => {
    const target = record.type === "CNAME" ? record.data : "";
    const next = depth < CNAME_LIMIT ? zones.zoneOf(target)?.recordSets(target) : undefined;
    return [record, ...ofRecordSets(zones, next ?? [], { name: target, type }, depth + 1)];
  });
}

function asksFor(asked: string, type: string): boolean {
  return asked === type || asked === "ANY";
}

/** MULTIVALUE: up to eight in random order. WEIGHTED: one, since all have the same weight. */
function records(set: RecordSet, name: string): Answer[] {
  const limit = set.weighted ? 1 : MULTIVALUE_LIMIT;
  const { ttl } = set;
  if (set.type !== "SRV") {
    const { type } = set;
    return shuffled(set.values)
      .slice(0, limit)
      .map((data) => ({ type, name, ttl, data }));
  }
  return shuffled(set.values)
    .slice(0, limit)
    .map((data) => ({ type: "SRV", name, ttl, data: { priority: 1, weight: 1, ...data } }));
}

/** Route 53 adds the addresses of an SRV record's target: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSBehavior.html */
function targets(zones: Zones, answers: readonly Answer[]): Answer[] {
  return answers.flatMap((record) => {
    if (record.type !== "SRV") return [];
    const { target } = record.data;
    return (zones.zoneOf(target)?.recordSets(target) ?? []).flatMap((set) => records(set, target));
  });
}

function shuffled<T>(values: readonly T[]): T[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
