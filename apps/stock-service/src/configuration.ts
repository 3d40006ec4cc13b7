/** What the process reads from its environment. */
export interface Configuration {
  /** TCP port to listen on; 0 lets the system choose one. */
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** The database file. Its directory must exist: on ECS it is where the file system is mounted. */
  readonly databasePath: string;
  /** How long a request may wait for another process's lock on the database before it is answered with 503. */
  readonly databaseBusyMs: number;
  readonly logLevel: LogLevel;
  /** How long the service goes on serving after SIGTERM, while resolvers may still hand out its address. */
  readonly drainMs: number;
  /** Whether missing quotes of `data/sample.csv` are added at start. */
  readonly loadSampleData: boolean;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every variable that is wrong, one line each. */
export class ConfigurationError extends Error {
  public override readonly name = "ConfigurationError";

  public constructor(public readonly findings: readonly string[]) {
    super(findings.join("\n"));
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** One variable: what it is when it is not set, what is allowed, and what is made of it. */
interface Variable<Value> {
  readonly default: string;
  readonly allowed: string;
  /** Undefined for a text that is not allowed. */
  readonly parse: (text: string) => Value | undefined;
}

const wholeNumber = (fallback: number, min: number, max: number, unit = ""): Variable<number> => ({
  default: String(fallback),
  allowed: `a whole number${unit} from ${min} to ${max}`,
  parse: (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  },
});

const oneOf = <Value extends string>(fallback: Value, values: readonly Value[]): Variable<Value> => ({
  default: fallback,
  allowed: values.join(", "),
  parse: (text) => values.find((value) => value === text),
});

const VARIABLES = {
  PORT: wholeNumber(80, 0, 65_535),
  HOST: {
    default: "0.0.0.0",
    allowed: "an address or a host name",
    parse: (text) => (/^[A-Za-z0-9.:_-]+$/.test(text) ? text : undefined),
  },
  DATABASE_PATH: {
    default: "/data/stock.db",
    allowed: "the path of a file, neither ending in / nor :memory: nor a file: address",
    parse: (text) => (text === "" || /^(?::|file:)|\/$|\0/.test(text) ? undefined : text),
  },
  DATABASE_BUSY_SECONDS: wholeNumber(5, 0, 60, " of seconds"),
  LOG_LEVEL: oneOf("info", LOG_LEVELS),
  // ECS waits for at most 120 s between SIGTERM and SIGKILL
  DRAIN_SECONDS: wholeNumber(15, 0, 110, " of seconds"),
  LOAD_SAMPLE_DATA: oneOf("false", ["true", "false"]),
} satisfies Record<string, Variable<unknown>>;

/**
 * The configuration in an environment.
 * @throws ConfigurationError that lists all variables that are wrong, not only the first
 * @example readConfiguration({ PORT: "8080", DATABASE_PATH: "/tmp/stock.db" }).port === 8080
 */
export function readConfiguration(environment: Environment): Configuration {
  const findings: string[] = [];
  const read = <Value>(name: string, variable: Variable<Value>): Value => {
    const text = environment[name] ?? variable.default;
    const value = variable.parse(text);
    if (value === undefined) {
      findings.push(
        `${name} is ${JSON.stringify(text)}; allowed: ${variable.allowed}; default: ${variable.default}`,
      );
    }
    return value as Value;
  };
  const configuration: Configuration = {
    port: read("PORT", VARIABLES.PORT),
    host: read("HOST", VARIABLES.HOST),
    databasePath: read("DATABASE_PATH", VARIABLES.DATABASE_PATH),
    databaseBusyMs: read("DATABASE_BUSY_SECONDS", VARIABLES.DATABASE_BUSY_SECONDS) * 1000,
    logLevel: read("LOG_LEVEL", VARIABLES.LOG_LEVEL),
    drainMs: read("DRAIN_SECONDS", VARIABLES.DRAIN_SECONDS) * 1000,
    loadSampleData: read("LOAD_SAMPLE_DATA", VARIABLES.LOAD_SAMPLE_DATA) === "true",
  };
  if (findings.length > 0) throw new ConfigurationError(findings);
  return configuration;
}
