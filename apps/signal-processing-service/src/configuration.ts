import { isIP } from "node:net";

/** What the service can be told from outside. Every time is in milliseconds here, in seconds in the environment. */
export interface Configuration {
  readonly host: string;
  readonly port: number;
  readonly stockServiceUrl: URL;
  /** `address` or `address:port` of the DNS servers to ask. @default - the system's */
  readonly dnsServers: readonly string[] | undefined;
  /** From a request's arrival to the last byte of its answer. */
  readonly requestTimeoutMs: number;
  /** For which one stock-service task may be silent before another one is asked. */
  readonly attemptTimeoutMs: number;
  /** Quotes to ask for at once. */
  readonly pageSize: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** How long to go on serving after SIGTERM, while callers may still have the address from DNS. */
  readonly drainMs: number;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** Lists every variable that is wrong, so that a deployment is mended in one go. */
export class ConfigurationError extends Error {
  public constructor(public readonly problems: readonly string[]) {
    super(`the environment is not right:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "ConfigurationError";
  }
}

/**
 * Reads the configuration. An empty variable counts as one that is not set: it is what is left of `${UNSET}` in a shell
 * or a compose file.
 * @throws ConfigurationError with all that is wrong
 */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const problems: string[] = [];
  const wrong = (name: string, value: string | undefined, allowed: string): void => {
    const given = value === undefined ? "is not set" : `is ${JSON.stringify(value)}`;
    problems.push(`${name} ${given}; it must be ${allowed}`);
  };
  const text = (name: string): string | undefined => {
    const value = environment[name]?.trim();
    return value === "" ? undefined : value;
  };

  const number = (
    name: string,
    fallback: number,
    minimum: number,
    maximum: number,
    whole = false,
  ): number => {
    const value = text(name);
    if (value === undefined) return fallback;
    const parsed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
    if (parsed >= minimum && parsed <= maximum && (!whole || Number.isInteger(parsed))) return parsed;
    wrong(name, value, `a ${whole ? "whole " : ""}number from ${minimum} to ${maximum}`);
    return fallback;
  };

  const url = (name: string): URL => {
    const value = text(name);
    const parsed = value !== undefined && URL.canParse(value) ? new URL(value) : undefined;
    const plain = parsed && !parsed.search && !parsed.hash && !parsed.username && !parsed.password;
    if (plain && ["http:", "https:"].includes(parsed.protocol)) return parsed;
    const shown = value?.replace(/\/\/[^@/]*@/, "//***@");
    wrong(
      name,
      shown,
      "an http or https URL, without user or query, such as http://stock-service.trading-platform.local",
    );
    return new URL("http://invalid");
  };

  const servers = (name: string): string[] | undefined => {
    const value = text(name);
    const list = value?.split(",").map((server) => server.trim());
    if (list?.every(isDnsServer) === false)
      wrong(name, value, "IP addresses, with a port where it is not 53, separated by commas");
    return list;
  };

  const milliseconds = (name: string, fallback: number, minimum: number, maximum: number): number =>
    Math.round(1000 * number(name, fallback, minimum, maximum));

  const level = (name: string): Configuration["logLevel"] => {
    const value = text(name) ?? "info";
    const known = LOG_LEVELS.find((candidate) => candidate === value);
    if (known === undefined) wrong(name, value, `one of ${LOG_LEVELS.join(", ")}`);
    return known ?? "info";
  };

  const host = text("HOST") ?? "0.0.0.0";
  if (isIP(host) === 0) wrong("HOST", host, "an IP address to listen on");
  const configuration: Configuration = {
    host,
    port: number("PORT", 80, 0, 65_535, true),
    stockServiceUrl: url("STOCK_SERVICE_URL"),
    dnsServers: servers("STOCK_SERVICE_DNS_SERVERS"),
    requestTimeoutMs: milliseconds("REQUEST_TIMEOUT_SECONDS", 10, 0.1, 300),
    attemptTimeoutMs: milliseconds("STOCK_SERVICE_TIMEOUT_SECONDS", 2, 0.1, 300),
    pageSize: number("STOCK_SERVICE_PAGE_SIZE", 500, 1, 1000, true),
    logLevel: level("LOG_LEVEL"),
    drainMs: milliseconds("DRAIN_SECONDS", 15, 0, 110),
  };
  if (configuration.attemptTimeoutMs * 2 > configuration.requestTimeoutMs)
    problems.push(
      "STOCK_SERVICE_TIMEOUT_SECONDS must be at most half of REQUEST_TIMEOUT_SECONDS, so that a second task can be asked",
    );
  if (problems.length > 0) throw new ConfigurationError(problems);
  return configuration;
}

function isDnsServer(server: string): boolean {
  if (isIP(server) !== 0) return true;
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+))(?::(?<port>\d{1,5}))?$/.exec(server);
  const address = match?.groups?.v6 ?? match?.groups?.v4 ?? "";
  return isIP(address) !== 0 && Number(match?.groups?.port ?? 53) <= 65_535;
}
