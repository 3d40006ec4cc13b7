/** Answers that there is nothing to find: of c-ares, and of Cloud Map's API by their names. */
const ABSENT = new Set<unknown>(["ENOTFOUND", "ENODATA", "NamespaceNotFound", "ServiceNotFound"]);

/**
 * A name could not be looked up: no task has been asked anything. `code` is that of the resolver's error, so that an
 * `ECONNREFUSED` of a DNS server and one of a task are told apart by the class of the error, or its `name`.
 */
export class LookUpError extends Error {
  override readonly name = "LookUpError";
  readonly code: string | undefined;
  /**
   * The resolver answered that there is no address. Otherwise it did not answer, or could not: that says nothing of the
   * addresses that were known before.
   */
  readonly isAbsent: boolean;

  constructor(
    readonly hostname: string,
    cause: unknown,
  ) {
    super(`The look-up of ${hostname} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.code = codeOf(cause);
    this.isAbsent = ABSENT.has(this.code) || (cause instanceof Error && ABSENT.has(cause.name));
  }
}

/** A resolver found no endpoint, without an error. */
export class NoEndpointError extends Error {
  readonly code = "ENODATA";

  constructor(hostname: string) {
    super(`The resolver found no endpoint of ${hostname}.`);
  }
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}
