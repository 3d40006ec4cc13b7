import { EMULATED_REGION } from "../emulator-process";

/** One HTTP request to the emulator. */
export interface EmulatorCall {
  /** As in an ARN, for example `ecs`: the emulator finds the service by it. */
  readonly service: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer of the emulator that is an error, under AWS's own name for it. */
export class EmulatorError extends Error {
  public override readonly name = "EmulatorError";

  public constructor(
    /** For example `ServiceNotFoundException`. */
    public readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

const TIMEOUT_MS = 10_000;

/** Sends a request with a signature that only an emulator takes. @throws EmulatorError what AWS would answer */
export async function callEmulator(endpoint: string, call: EmulatorCall): Promise<unknown> {
  const scope = `test/20260101/${EMULATED_REGION}/${call.service}/aws4_request`;
  // AbortSignal.timeout() would keep its timer when the answer is there
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
    TIMEOUT_MS,
  );
  try {
    const response = await fetch(new URL(call.path, endpoint), {
      method: call.method,
      headers: {
        ...call.headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      },
      body: call.body,
      signal: late.signal,
    });
    return answerOf(response.status, await response.text());
  } finally {
    clearTimeout(timer);
  }
}

/** A call of one of AWS's JSON protocols. @throws EmulatorError what AWS would answer */
export function callJson(
  endpoint: string,
  service: string,
  /** With the name of the API, for example `Logs_20140328.DescribeLogGroups`. */
  target: string,
  body: object = {},
): Promise<unknown> {
  return callEmulator(endpoint, {
    service,
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    body: JSON.stringify(body),
  });
}

function answerOf(status: number, text: string): unknown {
  if (status < 300) return text === "" ? {} : JSON.parse(text);
  const { code, message } = problem(text);
  throw new EmulatorError(code ?? `HTTP ${status}`, message);
}

function problem(text: string): { code?: string; message: string } {
  try {
    const body = JSON.parse(text) as Record<string, string | undefined>;
    const code = body.__type ?? body.ErrorCode ?? body.code;
    return { code: code?.split("#").pop(), message: body.message ?? body.Message ?? text };
  } catch {
    return { message: text.slice(0, 500) };
  }
}
