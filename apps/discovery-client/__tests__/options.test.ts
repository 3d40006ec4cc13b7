import { createDiscoveryDispatcher, drainOnSigterm, type DiscoveryOptions } from "../src/index.js";
import { settingsFrom } from "../src/settings.js";
import { createServer } from "node:http";

const resolver = (): Promise<never[]> => Promise.resolve([]);

const mistakes: readonly [string, unknown, string][] = [
  ["an unknown option", { retries: 3 }, "there is no option retries. Known here: record, resolver, dns,"],
  ["an unknown option of a group", { dns: { ttl: 3 } }, "there is no option dns.ttl. Known here: minTtlMs,"],
  ["what is no object", { retry: 3 }, "retry is 3; give an object with any of max, budget, or leave it out."],
  [
    "another record",
    { record: "MX" },
    'record is "MX"; it must be "A", "AAAA" or "SRV". Left out, it is "A".',
  ],
  [
    "what is neither true nor false",
    { allowH2: 1 },
    "allowH2 is 1; it must be true or false. Left out, it is false.",
  ],
  [
    "a negative number",
    { retry: { max: -1 } },
    "retry.max is -1; it must be a whole number from 0 to 10. Left out, it is 2.",
  ],
  [
    "a fraction of a millisecond",
    { connectTimeoutMs: 0.5 },
    "connectTimeoutMs is 0.5; it must be a whole number of milliseconds from 1 to 86400000. Left out, it is 500.",
  ],
  ["a number that is none", { headersTimeoutMs: NaN }, "headersTimeoutMs is NaN; it must be a whole number"],
  [
    "a number as text",
    { eject: { consecutive: "3" } },
    'eject.consecutive is "3"; it must be a whole number',
  ],
  [
    "a negative age",
    { dns: { maxStaleMs: -1 } },
    "dns.maxStaleMs is -1; it must be a whole number of milliseconds from 0 to 86400000, or Infinity. Left out, it is Infinity.",
  ],
  [
    "an endless time that has to end",
    { dns: { maxTtlMs: Infinity } },
    "dns.maxTtlMs is Infinity; it must be",
  ],
  [
    "a share above one",
    { eject: { panicBelow: 34 } },
    "eject.panicBelow is 34; it must be a number from 0 to 1. Left out, it is 0.33.",
  ],
  [
    "a floor above the ceiling",
    { dns: { minTtlMs: 9000 } },
    "dns.minTtlMs is 9000 and dns.maxTtlMs is 5000; the first may not exceed the second. Lower dns.minTtlMs",
  ],
  [
    "a first ejection longer than the longest",
    { eject: { baseMs: 5, maxMs: 4 } },
    "eject.baseMs is 5 and eject.maxMs is 4;",
  ],
  ["a server that is no address", { dns: { servers: ["dns.example"] } }, 'give addresses such as "10.0.0.2"'],
  ["no servers", { dns: { servers: [] } }, "dns.servers is ;"],
  ["a listener that is none", { onEvent: "log" }, 'onEvent is "log"; give a function, or leave it out.'],
  [
    "DNS servers beside a resolver",
    { resolver, dns: { servers: ["10.0.0.2"] } },
    "dns.servers and resolver are both given, but a resolver replaces DNS altogether. Leave out one of them.",
  ],
  ["a record beside a resolver", { resolver, record: "A" }, "record and resolver are both given"],
];

test.each(mistakes)("%s is refused", (_name, options, message) => {
  const create = (): unknown => createDiscoveryDispatcher(options as DiscoveryOptions);
  expect(create).toThrow(TypeError);
  expect(create).toThrow(`createDiscoveryDispatcher: `);
  expect(create).toThrow(message);
});

test("without options the defaults are those of the documentation", () => {
  expect(settingsFrom()).toEqual({
    dns: { record: "A", servers: undefined, timeoutMs: 1000, tries: 2 },
    resolver: undefined,
    cache: { minTtlMs: 1000, maxTtlMs: 5000, maxStaleMs: Infinity, maxAbsentMs: 60_000 },
    connectTimeoutMs: 500,
    headersTimeoutMs: 5000,
    eject: { consecutive: 3, baseMs: 5000, maxMs: 60_000 },
    panicBelow: 0.33,
    maxRetries: 2,
    budget: { ratio: 0.2, minPerSecond: 10 },
    allowH2: false,
    tls: undefined,
    onEvent: undefined,
  });
});

test("an answer may be kept without an end on purpose", () => {
  expect(settingsFrom({ dns: { maxStaleMs: Infinity } }).cache.maxStaleMs).toBe(Infinity);
});

test.each([-1, 1.5, NaN])("drainOnSigterm refuses to drain for %d ms", (drainMs) => {
  expect(() => drainOnSigterm(createServer(), { drainMs })).toThrow(
    `drainOnSigterm: drainMs is ${drainMs}; it must be a whole number of milliseconds from 0. Left out, it is 15000.`,
  );
  expect(process.listenerCount("SIGTERM")).toBe(0);
});
