import { ConfigurationError, readConfiguration } from "../src/configuration.js";

const STOCK_SERVICE_URL = "http://stock-service.trading-platform.local";

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfiguration({ STOCK_SERVICE_URL, ...environment });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe("the configuration", () => {
  it("needs only the stock service's URL", () => {
    expect(readConfiguration({ STOCK_SERVICE_URL })).toEqual({
      host: "0.0.0.0",
      port: 80,
      stockServiceUrl: new URL(STOCK_SERVICE_URL),
      dnsServers: undefined,
      requestTimeoutMs: 10_000,
      attemptTimeoutMs: 2000,
      pageSize: 500,
      logLevel: "info",
      drainMs: 15_000,
    });
  });

  it("takes what the environment says", () => {
    const environment = {
      STOCK_SERVICE_URL: " https://10.0.0.7:8443/stock ",
      HOST: "127.0.0.9",
      PORT: "8080 ",
      STOCK_SERVICE_DNS_SERVERS: "127.0.0.1:5399, 10.0.0.2,[::1]:53",
      REQUEST_TIMEOUT_SECONDS: "2.5",
      STOCK_SERVICE_TIMEOUT_SECONDS: "0.333",
      STOCK_SERVICE_PAGE_SIZE: "1000",
      LOG_LEVEL: "debug",
      DRAIN_SECONDS: "0",
    };
    expect(readConfiguration(environment)).toEqual({
      host: "127.0.0.9",
      port: 8080,
      stockServiceUrl: new URL("https://10.0.0.7:8443/stock"),
      dnsServers: ["127.0.0.1:5399", "10.0.0.2", "[::1]:53"],
      requestTimeoutMs: 2500,
      attemptTimeoutMs: 333,
      pageSize: 1000,
      logLevel: "debug",
      drainMs: 0,
    });
  });

  it("takes an empty variable for one that is not set", () => {
    expect(problemsOf({ PORT: "", HOST: " ", STOCK_SERVICE_DNS_SERVERS: "" })).toEqual([]);
    expect(problemsOf({ STOCK_SERVICE_URL: "" })).toHaveLength(1);
  });

  it.each([
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["PORT", "0x50"],
    ["HOST", "localhost"],
    ["STOCK_SERVICE_URL", "stock-service"],
    ["STOCK_SERVICE_URL", "ftp://stock-service"],
    ["STOCK_SERVICE_URL", "http://stock-service/?a=b"],
    ["STOCK_SERVICE_DNS_SERVERS", "resolver.local"],
    ["STOCK_SERVICE_DNS_SERVERS", "10.0.0.2;10.0.0.3"],
    ["STOCK_SERVICE_DNS_SERVERS", "10.0.0.2:99999"],
    ["REQUEST_TIMEOUT_SECONDS", "0"],
    ["REQUEST_TIMEOUT_SECONDS", "10s"],
    ["STOCK_SERVICE_TIMEOUT_SECONDS", "Infinity"],
    ["STOCK_SERVICE_PAGE_SIZE", "1001"],
    ["STOCK_SERVICE_PAGE_SIZE", "0"],
    ["LOG_LEVEL", "INFO"],
    ["DRAIN_SECONDS", "111"],
  ])("does not take %s=%s, and says what is allowed", (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(problem).toContain(`${name} is "${value}"; it must be `);
    expect(others).toEqual([]);
  });

  it("does not print a password", () => {
    const problems = problemsOf({ STOCK_SERVICE_URL: "http://user:secret@stock-service" });
    expect(problems).toEqual([
      expect.stringMatching(/^STOCK_SERVICE_URL is "http:\/\/\*\*\*@stock-service"/),
    ]);
  });

  it("keeps time for a second task", () => {
    expect(problemsOf({ REQUEST_TIMEOUT_SECONDS: "3", STOCK_SERVICE_TIMEOUT_SECONDS: "2" })).toEqual([
      expect.stringMatching(/^STOCK_SERVICE_TIMEOUT_SECONDS must be at most half of REQUEST_TIMEOUT_SECONDS/),
    ]);
    expect(problemsOf({ REQUEST_TIMEOUT_SECONDS: "4", STOCK_SERVICE_TIMEOUT_SECONDS: "2" })).toEqual([]);
  });

  it("lists all that is wrong at once", () => {
    expect(problemsOf({ PORT: "x", HOST: "x", LOG_LEVEL: "x", STOCK_SERVICE_URL: "x" })).toHaveLength(4);
  });
});
