import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { request } from "undici";
import { certificate, key } from "./support/certificate.js";
import { inParallel, NAME, Stage, until } from "./support/stage.js";
import { freePort } from "./support/task.js";

const ADDRESSES = ["127.0.14.1", "127.0.14.2"] as const;
const [FIRST, SECOND] = ADDRESSES;
const tls = { ca: certificate };

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, address: string) => void;

/** Servers that speak HTTP/2 alone. */
class Http2Tasks {
  readonly served = new Map<string, number>();
  readonly sessions = new Set<ServerHttp2Session>();
  answer: Answer = (stream, _headers, address) => {
    stream.respond({ ":status": 200, "set-cookie": ["a=1", "b=2"] });
    stream.end(address);
  };
  readonly #servers: Http2SecureServer[];

  constructor(readonly port: number) {
    this.#servers = ADDRESSES.map((address) => {
      const server = createSecureServer({ key, cert: certificate, allowHTTP1: false });
      server.on("session", (session) => {
        this.sessions.add(session);
        session.on("close", () => this.sessions.delete(session)).on("error", () => undefined);
      });
      server.on("stream", (stream, headers) => {
        stream.on("error", () => undefined);
        this.served.set(address, (this.served.get(address) ?? 0) + 1);
        this.answer(stream, headers, address);
      });
      return server.listen(port, address);
    });
  }

  stop(): void {
    for (const session of this.sessions) session.destroy();
    for (const server of this.#servers) server.close();
  }
}

let stage: Stage;
let tasks: Http2Tasks;
let url: string;

beforeEach(async () => {
  stage = await Stage.set();
  tasks = new Http2Tasks(await freePort(ADDRESSES));
  stage.dns.a(NAME, ADDRESSES);
  url = `https://${NAME}:${tasks.port}/`;
});
afterEach(async () => {
  await stage.strike();
  tasks.stop();
});

test("speaks HTTP/2 to servers that choose it: spread, names and repeated headers are as with HTTP/1.1", async () => {
  const dispatcher = stage.dispatcher({ allowH2: true, tls });
  const authorities = new Set<unknown>();
  const plain = tasks.answer;
  tasks.answer = (stream, headers, address) => {
    authorities.add(headers[":authority"]);
    plain(stream, headers, address);
  };
  const results = await inParallel(40, 4, async () => {
    const { headers, body } = await request(url, { dispatcher });
    return [headers["set-cookie"], await body.text()];
  });
  const cookies = ["a=1", "b=2"];
  for (const result of results)
    expect(result).toMatchObject({ status: "fulfilled", value: [cookies, /127/] });
  expect(authorities).toEqual(new Set([`${NAME}:${tasks.port}`]));
  expect([...tasks.served.values()].sort()).toEqual([20, 20]);
});

test("without allowH2 such a server is refused by TLS, and nothing is sent", async () => {
  await expect(request(url, { dispatcher: stage.dispatcher({ tls }) })).rejects.toThrow();
  expect(tasks.served.size).toBe(0);
});

test("each open stream counts: idle ones not as load", async () => {
  const dispatcher = stage.dispatcher({ allowH2: true, tls });
  tasks.answer = (stream, headers, address) => {
    stream.respond({ ":status": 200 });
    if (headers[":path"] === "/events") stream.write("data: begun\n\n");
    else stream.end(address);
  };
  await inParallel(6, 1, async () => {
    const { body } = await request(`${url}events`, { dispatcher });
    body.on("error", () => undefined).resume();
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  // a POST does not wait behind them either
  const { body } = await request(url, { dispatcher, method: "POST", body: "{}" });
  expect(ADDRESSES).toContain(await body.text());
  expect(dispatcher.endpoints(NAME).map(({ inflight, streams }) => [inflight, streams])).toEqual([
    [3, 3],
    [3, 3],
  ]);
});

test("a request that the server refuses to begin with goes elsewhere, whatever its method", async () => {
  const REFUSED_STREAM = 7;
  const plain = tasks.answer;
  tasks.answer = (stream, headers, address) => {
    if (address === FIRST) stream.close(REFUSED_STREAM);
    else plain(stream, headers, address);
  };
  const dispatcher = stage.dispatcher({ allowH2: true, tls, eject: { baseMs: 60_000 } });
  const results = await inParallel(12, 1, async () => {
    const { body } = await request(url, { dispatcher, method: "POST", body: "{}" });
    return body.text();
  });
  expect(results).toEqual(Array(12).fill({ status: "fulfilled", value: SECOND }));
  expect(stage.eventsOf("eject")).toMatchObject([{ address: FIRST, reason: "reset" }]);
});

test("a GET that a GOAWAY or a reset stream takes is repeated, a POST is not", async () => {
  const dispatcher = stage.dispatcher({ allowH2: true, tls });
  const send = async (method: "GET" | "POST"): Promise<string> => {
    const { body } = await request(url, { dispatcher, method, body: method === "POST" ? "{}" : null });
    return body.text();
  };
  const plain = tasks.answer;
  const [INTERNAL_ERROR, CANCEL] = [2, 8];
  const ways: Answer[] = [
    (stream) => stream.session?.goaway(0),
    (stream) => stream.session?.destroy(),
    (stream) => stream.close(INTERNAL_ERROR),
    (stream) => stream.close(CANCEL),
  ];
  for (const way of ways) {
    const once: Answer = (...args) => {
      tasks.answer = plain;
      way(...args);
    };
    tasks.answer = once;
    expect(ADDRESSES).toContain(await send("GET"));
    tasks.answer = once;
    await expect(send("POST")).rejects.toThrow();
  }
  await until(() => dispatcher.endpoints(NAME).every(({ inflight }) => inflight === 0));
});
