import type { ConnectionOptions } from "node:tls";
import type { DiscoveryEvent } from "./discovery-event.js";
import type { Resolver } from "./endpoint.js";

/**
 * How the dispatcher finds addresses, judges them and retries. Every time is in milliseconds, every default suits a
 * service of two to eight tasks inside one VPC. What is not said here is undici's own default.
 */
export interface DiscoveryOptions {
  /**
   * Which DNS record to ask for. With `"A"`, a name that has no A record is asked for AAAA, so tasks that have IPv6
   * addresses alone are found too; with `"AAAA"` they are called by IPv6 though they have both. With `"SRV"` the port
   * comes from DNS and replaces the URL's; use it for tasks with dynamic host ports (bridge network mode).
   * @default "A"
   */
  readonly record?: "A" | "AAAA" | "SRV";

  /**
   * Asks something other than DNS, for example `cloudMapResolver()`. Its answers are cached like those of DNS.
   * @default - DNS
   */
  readonly resolver?: Resolver;

  /** How DNS answers (or those of `resolver`) are cached, and how DNS is asked. */
  readonly dns?: DnsOptions;

  /**
   * How long one attempt may take to connect, TLS handshake included. Inside a VPC connecting takes about a
   * millisecond; a stopped task answers nothing at all, and this is what it costs to find that out.
   * @default 500
   */
  readonly connectTimeoutMs?: number;

  /**
   * How long one attempt may wait for response headers. A frozen task is found by this alone. A request can have its
   * own (`request(url, { headersTimeout })`); the deadline of all attempts together is the caller's `AbortSignal`,
   * and leaves room for a retry if it is more than twice this long. undici's clock for this ticks every half second,
   * so it fires up to half a second early or late.
   * @default 5000
   */
  readonly headersTimeoutMs?: number;

  /** When an address stops getting requests. */
  readonly eject?: EjectOptions;

  /** When a failed attempt is made again on another address. */
  readonly retry?: RetryOptions;

  /**
   * TLS options of every connection, as for `tls.connect()`: `ca`, `cert`, `key`. Server name and certificate check
   * use the URL's host name.
   * @default - Node's
   */
  readonly tls?: ConnectionOptions;

  /**
   * Offers HTTP/2 to servers with TLS, which choose it or HTTP/1.1. A connection carries one request at a time all the
   * same: undici makes non-idempotent requests wait until a shared one is free, for ever behind an event stream.
   * @default false
   */
  readonly allowH2?: boolean;

  /** Hears of everything that changes how requests flow; for metrics and logs. What it throws becomes a warning. */
  readonly onEvent?: (event: DiscoveryEvent) => void;
}

export interface DnsOptions {
  /**
   * An answer is kept at least this long, whatever its TTL. It bounds the queries for a name to about one a second:
   * a VPC's resolver drops what exceeds 1024 packets a second.
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
   * @default 1000
   */
  readonly minTtlMs?: number;

  /**
   * An answer is kept at most this long: how late a new task is noticed. Envoy asks anew every 5 s too.
   * @default 5000
   */
  readonly maxTtlMs?: number;

  /**
   * For how long after it ran out an answer is still used while look-ups fail: time out, or are answered with SERVFAIL or
   * REFUSED. That says nothing of the tasks, so by default there is no end to it. Bounds `maxAbsentMs` too.
   * @default Infinity
   */
  readonly maxStaleMs?: number;

  /**
   * For how long an answer is still used while look-ups are answered that there is no address (NXDOMAIN, or no such
   * record). Bridges a deployment in which the old task's record goes before the new one's comes.
   * @default 60000
   */
  readonly maxAbsentMs?: number;

  /**
   * How long to wait for a DNS server's first answer.
   * @default 1000
   */
  readonly timeoutMs?: number;

  /**
   * How often each DNS server is asked before the look-up fails.
   * @default 2
   */
  readonly tries?: number;

  /**
   * DNS servers to ask, `address` or `address:port`.
   * @default - those of the system
   */
  readonly servers?: readonly string[];
}

export interface EjectOptions {
  /**
   * So many failures in a row (resets, 502, 503, 504, deadlines missed) eject an address. A failed connection ejects
   * at once, and so does a headers timeout unless the address answered another request meanwhile.
   * @default 3
   */
  readonly consecutive?: number;

  /**
   * The first ejection lasts this long, ±10 %; each further one twice as long. Short, since with three addresses a
   * wrong ejection takes a third of the capacity.
   * @default 5000
   */
  readonly baseMs?: number;

  /**
   * No ejection lasts longer than this (±10 %), and an address that stayed in for so long starts at `baseMs` again.
   * @default 60000
   */
  readonly maxMs?: number;

  /**
   * If less than this share of the addresses is left, all are used: then the fault is more likely elsewhere, and the
   * few left would drown. With three addresses two may be out.
   * @default 0.33
   */
  readonly panicBelow?: number;
}

export interface RetryOptions {
  /**
   * So many further attempts at most, each on another address.
   * @default 2
   */
  readonly max?: number;

  /** What retries may add to the load of a service, over about the last 10 s. */
  readonly budget?: RetryBudgetOptions;
}

export interface RetryBudgetOptions {
  /**
   * Retries per request.
   * @default 0.2
   */
  readonly ratio?: number;

  /**
   * Retries per second that are always allowed, for callers of few requests.
   * @default 10
   */
  readonly minPerSecond?: number;
}
