import {
  CHECKING_DISABLED,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
  DNSSEC_OK,
  decode,
  encode,
  type Answer,
  type DecodedPacket,
  type OptAnswer,
  type Question,
} from "dns-packet";
import { failure, RCODE, type Reply, type Status } from "./answer";

/** A question as it came. */
export interface Query {
  readonly question: Question;
  /** How the reply begins. */
  readonly header: Header;
  /** The longest reply that the sender takes over UDP, in bytes. */
  readonly udpSize: number;
}

/** What a message that is no proper query gets: a reply with a status alone, or none at all. */
export type Unusable = { readonly header: Header; readonly status: Status } | undefined;

interface Header {
  readonly id: number;
  readonly flags: number;
  /** The question section, byte for byte: letters keep their case (RFC 1035, 2.3.3; resolvers check it). */
  readonly question: Buffer;
  /** The sender's EDNS record, which asks for one in return. */
  readonly edns: OptAnswer | undefined;
}

const HEADER_BYTES = 12;
const PLAIN_UDP_BYTES = 512;
/** What Route 53 permits with EDNS: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSBehavior.html */
const EDNS_UDP_BYTES = 4096;
export const TCP_BYTES = 65_535;
/** No query is longer; decoding a long one that is made of pointers would take a while. */
const LONGEST_QUERY = 4096;
const RESPONSE = 1 << 15;
const OPCODE = 0x7800;
/** Points to the name of the question, the first thing behind the header (RFC 1035, 4.1.4). */
const QUESTION_NAME = Buffer.from([0xc0, HEADER_BYTES]);

/** Reads a message from the network. It may be anything. */
export function read(message: Buffer): { query: Query } | { unusable: Unusable } {
  // a reply to a reply would go to and fro for ever
  if (message.length < HEADER_BYTES || message.readUInt16BE(2) & RESPONSE) return { unusable: undefined };
  const bare: Header = {
    id: message.readUInt16BE(0),
    flags: message.readUInt16BE(2),
    question: Buffer.alloc(0),
    edns: undefined,
  };
  if (bare.flags & OPCODE) return { unusable: { header: bare, status: "NOTIMP" } };
  const packet = decoded(message);
  const [question, ...more] = packet?.questions ?? [];
  // RFC 9619: a query has one question
  if (packet === undefined || question === undefined || more.length > 0) {
    return { unusable: { header: bare, status: "FORMERR" } };
  }
  const bytes = questionBytes(message, question);
  const options = (packet.additionals ?? []).filter((record) => record.type === "OPT");
  if (bytes === undefined || options.length > 1) return { unusable: { header: bare, status: "FORMERR" } };
  const edns = options[0];
  const header = { ...bare, question: bytes, edns };
  if (edns !== undefined && edns.ednsVersion > 0) return { unusable: { header, status: "BADVERS" } };
  const udpSize = Math.min(Math.max(edns?.udpPayloadSize ?? 0, PLAIN_UDP_BYTES), EDNS_UDP_BYTES);
  return { query: { question, header, udpSize } };
}

/** Writes a reply of at most `limit` bytes. What does not fit is left out, and the TC bit says so. */
export function write(header: Header, reply: Reply, limit: number): Buffer {
  const rcode = RCODE[reply.status];
  const edns = header.edns === undefined ? [] : [bytesOf(option(rcode, header.edns))];
  const room = new Room(limit - HEADER_BYTES - header.question.length - length(edns));
  const compress = (records: readonly Answer[]): Buffer[] =>
    records.map((record) => compressed(record, header));
  const answers = room.take(compress(reply.answers));
  const authorities = room.take(compress(reply.authorities));
  const truncated = answers.length < reply.answers.length || authorities.length < reply.authorities.length;
  // additional records are a kindness: leaving them out needs no TC bit (RFC 2181, 9)
  const additionals = truncated ? [] : room.take(compress(reply.additionals));
  const flags =
    (header.flags & (OPCODE | RECURSION_DESIRED | CHECKING_DISABLED)) |
    RECURSION_AVAILABLE |
    (truncated ? TRUNCATED_RESPONSE : 0) |
    (rcode & 0xf);
  const head = encode({ type: "response", id: header.id, flags });
  head.writeUInt16BE(header.question.length > 0 ? 1 : 0, 4);
  head.writeUInt16BE(answers.length, 6);
  head.writeUInt16BE(authorities.length, 8);
  head.writeUInt16BE(additionals.length + edns.length, 10);
  return Buffer.concat([head, header.question, ...answers, ...authorities, ...additionals, ...edns]);
}

/** The reply to what is no query. */
export function writeUnusable({ header, status }: NonNullable<Unusable>): Buffer {
  return write(header, failure(status), PLAIN_UDP_BYTES);
}

/** How many bytes are left in a message. */
class Room {
  public constructor(private left: number) {}

  /** As many of them as fit, from the first. */
  public take(records: readonly Buffer[]): Buffer[] {
    const fitting = records.findIndex((record) => (this.left -= record.length) < 0);
    return fitting === -1 ? [...records] : records.slice(0, fitting);
  }
}

function decoded(message: Buffer): DecodedPacket | undefined {
  if (message.length > LONGEST_QUERY) return undefined;
  try {
    const packet = decode(message);
    return decode.bytes <= message.length ? packet : undefined;
  } catch {
    return undefined;
  }
}

/** The question section, or nothing where the codec cannot hold its name: one with a dot in a label, or not UTF-8. */
function questionBytes(message: Buffer, { name }: Question): Buffer | undefined {
  const bytes = encode({ questions: [{ name, type: "A" }] }).subarray(HEADER_BYTES);
  const given = message.subarray(HEADER_BYTES, HEADER_BYTES + bytes.length);
  const sameName = given.length === bytes.length && given.subarray(0, -4).equals(bytes.subarray(0, -4));
  return sameName ? given : undefined;
}

/** The codec does not compress; the names of the answers, nearly all of them the question's, are half of a message. */
function compressed(record: Answer, { question }: Header): Buffer {
  const bytes = bytesOf(record);
  const name = question.subarray(0, -4);
  const same = name.length > 0 && bytes.subarray(0, name.length).equals(name);
  return same ? Buffer.concat([QUESTION_NAME, bytes.subarray(name.length)]) : bytes;
}

function bytesOf(record: Answer): Buffer {
  return encode({ answers: [record] }).subarray(HEADER_BYTES);
}

function option(rcode: number, { flags }: OptAnswer): Answer {
  return {
    type: "OPT",
    name: ".",
    udpPayloadSize: EDNS_UDP_BYTES,
    extendedRcode: rcode >> 4,
    ednsVersion: 0,
    // RFC 6891, 6.1.4: the DO bit comes back
    flags: flags & DNSSEC_OK,
    flag_do: (flags & DNSSEC_OK) !== 0,
    options: [],
  };
}

function length(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, buffer) => sum + buffer.length, 0);
}
