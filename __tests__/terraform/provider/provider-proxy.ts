import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { connect as connectSocket, type AddressInfo } from "node:net";
import type { ProviderProcess } from "./provider-process";
import { SchemaCache } from "./schema-cache";

const GET_SCHEMA = "/tfplugin5.Provider/GetSchema";
/** Messages of megabytes are to pass without waiting for the reader at every 64 kB. */
const SETTINGS = { initialWindowSize: 16 * 1024 * 1024 };

/** Who has providers to give. */
export interface Providers {
  take(): Promise<ProviderProcess>;
  giveBack(provider: ProviderProcess): void;
}

/**
 * Stands between Terraform and providers. It passes all calls on, those of a connection to one provider, but answers the
 * one for the schemas itself, with those that the project's tests can need, so that Terraform does not read the other 1,400.
 */
export class ProviderProxy {
  public static async start(providers: Providers): Promise<ProviderProxy> {
    const proxy = new ProviderProxy(providers);
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  private readonly schemas = new SchemaCache();
  private readonly server: Http2Server;
  private readonly sessions = new Set<ServerHttp2Session | ClientHttp2Session>();

  private constructor(private readonly providers: Providers) {
    this.server = createServer({ settings: SETTINGS });
    this.server.on("session", (session) => this.serve(session));
  }

  /** For example `127.0.0.1:41234`. */
  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
    for (const session of this.sessions) session.destroy();
  }

  private serve(session: ServerHttp2Session): void {
    this.keep(session);
    const connected = this.connect(session);
    // whoever calls is told by the end of the connection
    connected.catch(() => session.destroy());
    session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      stream.on("error", () => undefined);
      connected.then(
        (provider) => {
          // Terraform has hung up meanwhile
          if (provider.destroyed) stream.close(constants.NGHTTP2_CANCEL);
          else if (headers[":path"] === GET_SCHEMA) void this.answer(stream, headers, provider);
          else pass(stream, headers, provider);
        },
        () => undefined,
      );
    });
  }

  /** A connection to a provider that ends with one of Terraform's. */
  private async connect(session: ServerHttp2Session): Promise<ClientHttp2Session> {
    const taken = await this.providers.take();
    const provider = connect("http://provider", {
      createConnection: () => connectSocket(taken.reattach.Addr.String),
      settings: SETTINGS,
    });
    this.keep(provider);
    provider.on("close", () => {
      this.providers.giveBack(taken);
      session.destroy();
    });
    if (session.destroyed) provider.destroy();
    else session.on("close", () => provider.destroy());
    return provider;
  }

  private keep(session: ServerHttp2Session | ClientHttp2Session): void {
    this.sessions.add(session);
    session.on("error", () => undefined);
    session.on("close", () => this.sessions.delete(session));
  }

  private async answer(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    provider: ClientHttp2Session,
  ): Promise<void> {
    const message = await this.schemas.get(() => call(provider, headers));
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(framed(message));
  }
}

function pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, provider: ClientHttp2Session): void {
  const request = provider.request(headers, { endStream: false });
  request.on("error", () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  stream.on("close", () => request.close(stream.rstCode));
  stream.pipe(request);
  request.on("response", (answer, flags) => {
    if (stream.closed) return;
    const isEnd = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(answer, isEnd ? { endStream: true } : { waitForTrailers: true });
    if (isEnd) return;
    let trailers: IncomingHttpHeaders = {};
    request.on("trailers", (given: IncomingHttpHeaders) => (trailers = given));
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    request.pipe(stream);
  });
}

/** Calls without arguments, and resolves with the message that is answered. */
function call(provider: ClientHttp2Session, headers: IncomingHttpHeaders): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = provider.request(headers, { endStream: false });
    const chunks: Buffer[] = [];
    let status: unknown;
    request.on("trailers", (trailers: IncomingHttpHeaders) => (status = trailers["grpc-status"]));
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", reject);
    request.on("end", () => {
      if (status === "0") resolve(Buffer.concat(chunks).subarray(FRAME_BYTES));
      else reject(new Error(`the provider answers with the gRPC status ${String(status)}`));
    });
    request.end(framed(Buffer.alloc(0)));
  });
}

/** A byte that says that it is not compressed, and the length. */
const FRAME_BYTES = 5;

function framed(message: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}
