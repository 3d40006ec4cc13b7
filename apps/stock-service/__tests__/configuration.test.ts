import { ConfigurationError, readConfiguration } from "../src/configuration.js";

it("has a default for everything", () => {
  expect(readConfiguration({})).toEqual({
    port: 80,
    host: "0.0.0.0",
    databasePath: "/data/stock.db",
    databaseBusyMs: 5000,
    logLevel: "info",
    drainMs: 15_000,
    loadSampleData: false,
  });
});

it("takes what is set", () => {
  expect(
    readConfiguration({
      PORT: "8080",
      HOST: "::1",
      DATABASE_PATH: "stock.db",
      DATABASE_BUSY_SECONDS: "0",
      LOG_LEVEL: "debug",
      DRAIN_SECONDS: "110",
      LOAD_SAMPLE_DATA: "true",
      ANOTHER: "is not ours",
    }),
  ).toEqual({
    port: 8080,
    host: "::1",
    databasePath: "stock.db",
    databaseBusyMs: 0,
    logLevel: "debug",
    drainMs: 110_000,
    loadSampleData: true,
  });
});

it.each([
  ["PORT", ["", "-1", "65536", "80.5", "0x50", "8080 ", "abc", "1e3"]],
  ["HOST", ["", "a b", "http://a/"]],
  ["DATABASE_PATH", ["", ":memory:", "file:stock.db", "/data/"]],
  ["DATABASE_BUSY_SECONDS", ["61", "1.5"]],
  ["LOG_LEVEL", ["", "INFO", "loud", "toString"]],
  ["DRAIN_SECONDS", ["111", "-1"]],
  ["LOAD_SAMPLE_DATA", ["", "yes", "TRUE", "1"]],
])("refuses wrong values of %s", (name, values) => {
  for (const value of values) {
    expect(() => readConfiguration({ [name]: value })).toThrow(
      expect.objectContaining({
        findings: [expect.stringContaining(`${name} is ${JSON.stringify(value)}; allowed: `)],
      }) as Error,
    );
  }
});

it("lists everything that is wrong at once", () => {
  expect(() => readConfiguration({ PORT: "abc", LOG_LEVEL: "loud", DRAIN_SECONDS: "999" })).toThrow(
    new ConfigurationError([
      'PORT is "abc"; allowed: a whole number from 0 to 65535; default: 80',
      'LOG_LEVEL is "loud"; allowed: fatal, error, warn, info, debug, trace, silent; default: info',
      'DRAIN_SECONDS is "999"; allowed: a whole number of seconds from 0 to 110; default: 15',
    ]),
  );
});
