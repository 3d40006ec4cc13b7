import { STATUS_CODES } from "node:http";

/** One place in a request that is wrong. */
export interface Finding {
  /** The part of the request. */
  readonly in: "path" | "query" | "header";
  /** JSON pointer into that part, as a fragment: `#/window`. */
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly status: number;
  /** What sort of problem it is, for programs: becomes `type`. */
  readonly kind: string;
  /** What happened this time, for people. */
  readonly detail: string;
  readonly errors?: readonly Finding[];
  /** Seconds after which it is worth trying again: the header `retry-after`. */
  readonly retryAfter?: number;
  /** Members beside the standard's. */
  readonly extensions?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/** Media type of a problem document, RFC 9457 section 3. */
export const PROBLEM_JSON = "application/problem+json";
/** What the types of both services' problems begin with. */
export const PROBLEM_TYPE = "tag:trading-platform.local,2026:";

/** An error that is told to the caller as a problem document (RFC 9457). */
export class Problem extends Error {
  public readonly status: number;
  public readonly retryAfter: number | undefined;

  /** Hidden from the log, which would print most of it a second time. */
  readonly #options: ProblemOptions;

  public constructor(options: ProblemOptions) {
    super(options.detail, { cause: options.cause });
    this.#options = options;
    this.name = "Problem";
    this.status = options.status;
    this.retryAfter = options.retryAfter;
  }

  /**
   * The document; `requestId` is what to look for in the logs. Types are tag URIs (RFC 4151), as stock-service's are: they
   * identify and lead nowhere, which is what RFC 9457, section 4.2.1, has them for.
   */
  public toDocument(requestId: string): Record<string, unknown> {
    const { status, kind, detail, errors, extensions } = this.#options;
    return {
      type: `${PROBLEM_TYPE}${kind}`,
      title: STATUS_CODES[status],
      status,
      detail,
      ...(errors && { errors }),
      ...extensions,
      requestId,
    };
  }
}
