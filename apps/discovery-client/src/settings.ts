import type { ConnectionOptions } from "node:tls";
import type { DiscoveryEvent } from "./discovery-event.js";
import type { DnsSettings } from "./dns-resolver.js";
import type { Resolver } from "./endpoint.js";
import type { EjectPolicy } from "./health.js";
import type { CachePolicy } from "./cached-name.js";
import type { DiscoveryOptions } from "./options.js";
import { check, type Span } from "./validation.js";

/** Options with their defaults filled in. */
export interface Settings {
  readonly dns: DnsSettings;
  readonly resolver: Resolver | undefined;
  readonly cache: CachePolicy;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly eject: Omit<EjectPolicy, "probeMs">;
  readonly panicBelow: number;
  readonly maxRetries: number;
  readonly budget: { readonly ratio: number; readonly minPerSecond: number };
  readonly allowH2: boolean;
  readonly tls: ConnectionOptions | undefined;
  readonly onEvent: ((event: DiscoveryEvent) => void) | undefined;
}

const DAY_MS = 86_400_000;
const duration = (min: number): Span => ({ min, max: DAY_MS, whole: true, unit: "milliseconds" });

/** @throws TypeError saying what is wrong with the options, and how to mend it */
export function settingsFrom(options: DiscoveryOptions = {}): Settings {
  check.keys("options", options, [
    "record",
    "resolver",
    "dns",
    "connectTimeoutMs",
    "headersTimeoutMs",
    "eject",
    "retry",
    "allowH2",
    "tls",
    "onEvent",
  ]);
  const { dns = {}, eject = {}, retry = {} } = options;
  check.keys("dns", dns, [
    "minTtlMs",
    "maxTtlMs",
    "maxStaleMs",
    "maxAbsentMs",
    "timeoutMs",
    "tries",
    "servers",
  ]);
  check.keys("eject", eject, ["consecutive", "baseMs", "maxMs", "panicBelow"]);
  check.keys("retry", retry, ["max", "budget"]);
  const { budget = {} } = retry;
  check.keys("retry.budget", budget, ["ratio", "minPerSecond"]);
  check.callable("resolver", options.resolver);
  check.callable("onEvent", options.onEvent);

  const record = check.oneOf("record", options.record, ["A", "AAAA", "SRV"] as const, "A");
  for (const [option, given] of Object.entries({ record: options.record, "dns.servers": dns.servers })) {
    check.conflict(option, given, "resolver", options.resolver, "a resolver replaces DNS altogether");
  }

  const minTtlMs = check.number("dns.minTtlMs", dns.minTtlMs, 1000, duration(0));
  const maxTtlMs = check.number("dns.maxTtlMs", dns.maxTtlMs, 5000, duration(1));
  check.order("dns.minTtlMs", minTtlMs, "dns.maxTtlMs", maxTtlMs);
  const baseMs = check.number("eject.baseMs", eject.baseMs, 5000, duration(1));
  const maxMs = check.number("eject.maxMs", eject.maxMs, 60_000, duration(1));
  check.order("eject.baseMs", baseMs, "eject.maxMs", maxMs);

  return {
    dns: {
      record,
      servers: check.servers("dns.servers", dns.servers),
      timeoutMs: check.number("dns.timeoutMs", dns.timeoutMs, 1000, duration(1)),
      tries: check.number("dns.tries", dns.tries, 2, { min: 1, max: 10, whole: true }),
    },
    resolver: options.resolver,
    cache: {
      minTtlMs,
      maxTtlMs,
      maxStaleMs: check.number("dns.maxStaleMs", dns.maxStaleMs, Infinity, {
        ...duration(0),
        orInfinity: true,
      }),
      maxAbsentMs: check.number("dns.maxAbsentMs", dns.maxAbsentMs, 60_000, duration(0)),
    },
    connectTimeoutMs: check.number("connectTimeoutMs", options.connectTimeoutMs, 500, duration(1)),
    headersTimeoutMs: check.number("headersTimeoutMs", options.headersTimeoutMs, 5000, duration(1)),
    eject: {
      consecutive: check.number("eject.consecutive", eject.consecutive, 3, {
        min: 1,
        max: 1000,
        whole: true,
      }),
      baseMs,
      maxMs,
    },
    panicBelow: check.number("eject.panicBelow", eject.panicBelow, 0.33, { min: 0, max: 1 }),
    maxRetries: check.number("retry.max", retry.max, 2, { min: 0, max: 10, whole: true }),
    budget: {
      ratio: check.number("retry.budget.ratio", budget.ratio, 0.2, { min: 0, max: 10 }),
      minPerSecond: check.number("retry.budget.minPerSecond", budget.minPerSecond, 10, {
        min: 0,
        max: 10_000,
      }),
    },
    allowH2: check.flag("allowH2", options.allowH2, false),
    tls: options.tls,
    onEvent: options.onEvent,
  };
}
