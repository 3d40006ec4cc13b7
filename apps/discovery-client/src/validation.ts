import { promises as dns } from "node:dns";

/** The numbers that an option may be. */
export interface Span {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  readonly orInfinity?: boolean;
  readonly unit?: string;
}

function refuse(message: string): never {
  throw new TypeError(`createDiscoveryDispatcher: ${message}`);
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Each names the option, what was given, what is allowed, and what to do. */
export const check = {
  keys(path: string, value: unknown, known: readonly string[]): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      refuse(`${path} is ${show(value)}; give an object with any of ${known.join(", ")}, or leave it out.`);
    }
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const place = path === "options" ? key : `${path}.${key}`;
      refuse(`there is no option ${place}. Known here: ${known.join(", ")}. Correct or remove it.`);
    }
  },

  number(path: string, value: unknown, byDefault: number, span: Span): number {
    const { min, max, whole, orInfinity, unit } = span;
    if (value === undefined || (orInfinity === true && value === Infinity)) return value ?? byDefault;
    const fits = typeof value === "number" && value >= min && value <= max;
    if (fits && (whole !== true || Number.isInteger(value))) return value;
    const kind = `${whole === true ? "a whole number" : "a number"}${unit === undefined ? "" : ` of ${unit}`}`;
    return refuse(
      `${path} is ${show(value)}; it must be ${kind} from ${min} to ${max}${orInfinity === true ? ", or Infinity" : ""}. Left out, it is ${byDefault}.`,
    );
  },

  oneOf<T extends string>(path: string, value: unknown, allowed: readonly T[], byDefault: T): T {
    if (value === undefined) return byDefault;
    const known = allowed.find((one) => one === value);
    if (known !== undefined) return known;
    const quoted = allowed.map((one) => JSON.stringify(one));
    const list = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`;
    return refuse(`${path} is ${show(value)}; it must be ${list}. Left out, it is ${show(byDefault)}.`);
  },

  flag(path: string, value: unknown, byDefault: boolean): boolean {
    if (value === undefined || typeof value === "boolean") return value ?? byDefault;
    return refuse(`${path} is ${show(value)}; it must be true or false. Left out, it is ${byDefault}.`);
  },

  callable(path: string, value: unknown): void {
    if (value === undefined || typeof value === "function") return;
    refuse(`${path} is ${show(value)}; give a function, or leave it out.`);
  },

  servers(path: string, value: unknown): readonly string[] | undefined {
    if (value === undefined) return undefined;
    const help = `give addresses such as "10.0.0.2" or "127.0.0.1:5353", or leave it out for the system's servers.`;
    if (!Array.isArray(value) || value.length === 0) refuse(`${path} is ${show(value)}; ${help}`);
    const servers = value.map(String);
    try {
      new dns.Resolver().setServers(servers);
    } catch (error) {
      refuse(`${path} is ${show(value)}: ${error instanceof Error ? error.message : String(error)}; ${help}`);
    }
    return servers;
  },

  order(lower: string, lowerValue: number, upper: string, upperValue: number): void {
    if (lowerValue <= upperValue) return;
    refuse(
      `${lower} is ${lowerValue} and ${upper} is ${upperValue}; the first may not exceed the second. ` +
        `Lower ${lower} or raise ${upper}.`,
    );
  },

  conflict(path: string, value: unknown, other: string, otherValue: unknown, reason: string): void {
    if (value === undefined || otherValue === undefined) return;
    refuse(`${path} and ${other} are both given, but ${reason}. Leave out one of them.`);
  },
};
