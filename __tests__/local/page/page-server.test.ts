import { once } from "node:events";
import { request, type IncomingMessage, type RequestOptions } from "node:http";
import { connect, createServer, type AddressInfo } from "node:net";
import { getActiveResourcesInfo } from "node:process";
import { setImmediate, setTimeout } from "node:timers/promises";
import { PageServer, type PageServerOptions } from "../../../local/page/page-server";
import type { PageState } from "../../../local/page/page-state";
import { EventReader } from "./events";
import { state, tradingPlatform } from "./states";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

jest.setTimeout(60_000);

let server: PageServer;
/** What the page is to show, or why that cannot be said. */
let current: PageState | Error;
/** How often it was asked for. */
let asked: number;

async function start(options: Partial<PageServerOptions> = {}): Promise<PageServer> {
  const read = (): PageState => {
    asked++;
    if (current instanceof Error) throw current;
    return current;
  };
  server = await PageServer.start({ state: read, refreshMs: 5, ...options });
  return server;
}

async function ask(
  path: string,
  options: RequestOptions = {},
): Promise<{ response: IncomingMessage; body: string }> {
  const sent = request(new URL(path, server.url), options);
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) body += chunk as string;
  return { response, body };
}

/** Until the server has read the state that often again. */
async function readings(count: number): Promise<void> {
  for (const end = asked + count; asked < end;) await setTimeout(1);
}

beforeEach(() => {
  current = state();
  asked = 0;
});
afterEach(() => server.stop());

describe("the page's server", () => {
  test.each([
    ["/", "text/html; charset=utf-8", "<!doctype html>"],
    ["/?anything=1", "text/html; charset=utf-8", "<!doctype html>"],
    ["/page.css", "text/css; charset=utf-8", ":root {"],
    ["/page.mjs", "text/javascript; charset=utf-8", "new EventSource"],
    ["/icon.svg", "image/svg+xml", "<svg "],
    ["/state.json", "application/json", '"stack":"trading-platform"'],
  ])(
    "serves %s as %s, to be neither framed, guessed at, kept nor read from elsewhere",
    async (path, type, part) => {
      await start();
      const { response, body } = await ask(path);
      expect(response.statusCode).toBe(200);
      expect(response.headers).toMatchObject({
        "content-type": type,
        "content-length": `${Buffer.byteLength(body)}`,
        "content-security-policy": POLICY,
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      });
      expect(body).toContain(part);
      const head = await ask(path, { method: "HEAD" });
      expect(head.body).toBe("");
      expect(head.response.headers["content-length"]).toBe(response.headers["content-length"]);
    },
  );

  test("serves every file that the page names, and no other of the folder", async () => {
    await start();
    const { body } = await ask("/");
    const named = [...body.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, name]) => `/${name}`);
    expect(named).toEqual(expect.arrayContaining(["/page.css", "/page.mjs", "/icon.svg"]));
    for (const path of named) expect((await ask(path)).response.statusCode).toBe(200);
    expect((await ask("/tsconfig.json")).response.statusCode).toBe(404);
  });

  test("serves the state as JSON, as it is at that moment", async () => {
    current = tradingPlatform();
    await start();
    expect(JSON.parse((await ask("/state.json")).body)).toEqual(asJson(current));
    current = state({ stack: "another" });
    expect(JSON.parse((await ask("/state.json")).body)).toEqual(asJson(current));
  });

  test("reads the state once for all who ask while it is read", async () => {
    let answer: (value: PageState) => void = () => undefined;
    await start({ state: () => (asked++, new Promise<PageState>((resolve) => (answer = resolve))) });
    const questions = [ask("/state.json"), ask("/state.json"), ask("/state.json")];
    await setTimeout(50);
    answer(state());
    for (const { body } of await Promise.all(questions)) expect(JSON.parse(body)).toEqual(asJson(state()));
    expect(asked).toBe(1);
  });

  test.each([
    "/none",
    "/index.html",
    "/../page-server.ts",
    "/%2e%2e/page-server.ts",
    "//page.css",
    "/constructor",
  ])("has no %s", async (path) => {
    await start();
    const { response, body } = await ask("/", { path });
    expect(response.statusCode).toBe(404);
    expect(response.headers["content-security-policy"]).toBe(POLICY);
    expect(body).toBe("There is no such page. The page is at /, its data at /state.json.\n");
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])(
    "refuses %s and says what may be",
    async (method) => {
      await start();
      for (const path of ["/", "/state.json", "/events"]) {
        const { response, body } = await ask(path, { method });
        expect(response.statusCode).toBe(405);
        expect(response.headers).toMatchObject({ allow: "GET, HEAD", "x-content-type-options": "nosniff" });
        expect(body).toBe("Here everything is read only: use GET or HEAD.\n");
      }
      expect(asked).toBe(0);
    },
  );

  test.each(["127.0.0.1", "localhost", "LocalHost", "[::1]"])("answers to the host %s", async (name) => {
    await start();
    const host = `${name}:${new URL(server.url).port}`;
    expect((await ask("/", { headers: { host } })).response.statusCode).toBe(200);
  });

  test.each(["evil.example", "evil.example:PORT", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example:PORT"])(
    "answers to no foreign host: '%s'",
    async (name) => {
      await start();
      const host = name.replace("PORT", new URL(server.url).port);
      for (const path of ["/", "/state.json", "/events"]) {
        const { response, body } = await ask(path, { headers: { host } });
        expect(response.statusCode).toBe(421);
        expect(body).toBe(`This is ${server.url} and answers to no other host.\n`);
      }
      expect(asked).toBe(0);
    },
  );

  test("answers to nobody who names no host", async () => {
    await start();
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.end("GET /state.json HTTP/1.0\r\n\r\n");
    let text = "";
    for await (const chunk of socket.setEncoding("utf8")) text += chunk as string;
    expect(text).toMatch(/^HTTP\/1\.1 421 /);
    expect(asked).toBe(0);
  });

  test("listens on 127.0.0.1 alone", async () => {
    await start();
    const socket = connect(Number(new URL(server.url).port), "127.0.0.2");
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
  });

  test("takes the port that it is told, and says that one is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    await expect(PageServer.start({ state, port })).rejects.toThrow(
      `the page cannot be served on 127.0.0.1, port ${port}: listen EADDRINUSE: address already in use ` +
        `127.0.0.1:${port}. Another process listens there: end it, or use port 0 for a free one.`,
    );
    taken.close();
    await once(taken, "close");
    expect((await start({ port })).url).toBe(`http://127.0.0.1:${port}/`);
  });

  test.each([-1, 65_536, 1.5, NaN])("refuses port %s", async (port) => {
    await expect(PageServer.start({ state, port })).rejects.toThrow(
      `the page's port is ${port}: it must be 0, for a free one, or 1 to 65535.`,
    );
  });

  test.each([0, -1, 0.5, NaN, Infinity, 2 ** 31])(
    "refuses to read every %s ms, or to wait so long",
    async (ms) => {
      const allowed = "it must be a whole number of milliseconds from 1 to 2147483647.";
      await expect(PageServer.start({ state, refreshMs: ms })).rejects.toThrow(
        `the page's refreshMs is ${ms}: ${allowed}`,
      );
      await expect(PageServer.start({ state, timeoutMs: ms })).rejects.toThrow(
        `the page's timeoutMs is ${ms}: ${allowed}`,
      );
    },
  );

  test("refuses a state that is no function", async () => {
    await expect(PageServer.start({ state: undefined as never })).rejects.toThrow(
      "the page's state is undefined: it must be a function that returns a PageState.",
    );
  });
});

describe("the page's events", () => {
  test("are the state at first, and then each change, but nothing twice", async () => {
    await start();
    const reader = await EventReader.open(server.url);
    expect(reader.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    await reader.first(1);
    await readings(3);
    // the time alone is no change
    current = state({ at: "2026-11-20T15:00:00.000Z" });
    await readings(3);
    expect(reader.text).toMatch(/^retry: 1000\n\n/);
    expect(reader.events).toEqual([{ type: "state", data: asJson(state()) }]);
    current = state({ notes: ["line\nbreak\r\u2028"] });
    await reader.first(2);
    await readings(3);
    expect(reader.events.slice(1)).toEqual([{ type: "state", data: asJson(current) }]);
    await reader.close();
  });

  test("come to every browser, from one reading for all of them", async () => {
    await start({ refreshMs: 60_000 });
    const readers = await Promise.all([1, 2, 3, 4].map(() => EventReader.open(server.url)));
    await Promise.all(readers.map((reader) => reader.first(1)));
    const late = await EventReader.open(server.url);
    await late.first(1);
    expect(asked).toBe(1);
    await Promise.all([...readers, late].map((reader) => reader.close()));
  });

  test("go on for the others when a browser leaves", async () => {
    await start();
    const [one, other] = await Promise.all([EventReader.open(server.url), EventReader.open(server.url)]);
    await Promise.all([one.first(1), other.first(1)]);
    await one.close();
    current = state({ stack: "changed" });
    const events = await other.first(2);
    expect(events[1]).toEqual({ type: "state", data: asJson(current) });
    expect(one.events).toHaveLength(1);
    await other.close();
  });

  test("are read while somebody is connected, and only then", async () => {
    await start();
    await setTimeout(30);
    expect(asked).toBe(0);
    for (let round = 0; round < 2; round++) {
      const reader = await EventReader.open(server.url);
      await reader.first(1);
      await readings(2);
      await reader.close();
      // the server learns of it a moment later
      await setTimeout(50);
      const before = asked;
      await setTimeout(50);
      expect(asked).toBe(before);
    }
  });

  test("say once why the state cannot be read, and the state again when it can, be it the same", async () => {
    await start();
    const reader = await EventReader.open(server.url);
    await reader.first(1);
    current = new Error("the emulator\ndoes not answer");
    await reader.first(2);
    await readings(3);
    expect((await ask("/state.json")).response.statusCode).toBe(503);
    expect((await ask("/state.json")).body).toBe('{"message":"the emulator\\ndoes not answer"}');
    current = state();
    await reader.first(3);
    expect(reader.events.map(({ type }) => type)).toEqual(["state", "failure", "state"]);
    expect(reader.events[1]?.data).toEqual({ message: "the emulator\ndoes not answer" });
    await reader.close();
  });

  test.each([
    ["that is rejected", () => Promise.reject(new Error("no")), "no"],
    ["that is no state", () => undefined as never, "it is undefined, no PageState"],
    ["that throws no Error", () => throwText(), "text"],
    ["that does not say why", () => Promise.reject(new Error("")), "it does not say why"],
    ["that is no JSON", () => ({ big: 1n }) as never, "Do not know how to serialize a BigInt"],
    ["that never comes", () => new Promise<never>(() => undefined), "it was not read within 20 ms"],
  ])("say why of one %s", async (_, read, message) => {
    await start({ state: read, timeoutMs: 20 });
    const reader = await EventReader.open(server.url);
    expect(await reader.first(1)).toEqual([{ type: "failure", data: { message } }]);
    await reader.close();
  });

  test("are the latest for a browser that did not read for a while, and not all that it missed", async () => {
    const large = "x".repeat(2_000_000);
    let n = 0;
    await start({
      state: () => {
        asked++;
        return state({ stack: `${++n}`, notes: [large] });
      },
    });
    const reader = await EventReader.open(server.url);
    await reader.first(1);
    reader.response.pause();
    await readings(60);
    reader.response.resume();
    const last = n;
    const stacks = (): number[] => reader.events.map(({ data }) => Number((data as PageState).stack));
    while ((stacks().at(-1) ?? 0) < last) await reader.first(reader.events.length + 1);
    // what was in the buffers of the connection has come, and the 60 have not
    expect(stacks().length).toBeLessThan(40);
    expect(stacks()).toEqual([...stacks()].sort((a, b) => a - b));
    await reader.close();
  });

  test("have headers alone for HEAD", async () => {
    await start();
    const { response, body } = await ask("/events", { method: "HEAD" });
    expect(response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(body).toBe("");
    expect(asked).toBe(0);
  });
});

describe("stop", () => {
  test("tells the browsers, ends all connections and timers, and may be repeated", async () => {
    await setImmediate();
    const before = timers();
    // a reading that never ends, two browsers, a question, a connection that asks nothing
    let hang = false;
    await start({ state: () => (hang ? new Promise<never>(() => undefined) : state()), timeoutMs: 60_000 });
    const readers = await Promise.all([EventReader.open(server.url), EventReader.open(server.url)]);
    await Promise.all(readers.map((reader) => reader.first(1)));
    hang = true;
    const question = ask("/state.json").then(
      () => "answered",
      () => "ended",
    );
    const idle = connect(Number(new URL(server.url).port), "127.0.0.1");
    idle.on("error", () => undefined);
    await once(idle, "connect");
    await setTimeout(20);
    const closed = once(idle, "close");
    await Promise.all([server.stop(), server.stop()]);
    await Promise.all(readers.map(({ ended }) => ended));
    for (const { events } of readers) expect(events.at(-1)).toEqual({ type: "ended", data: {} });
    expect(await question).toBe("ended");
    await closed;
    expect(timers()).toBe(before);
    await server.stop();
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
  });

  test("does not wait for a browser that does not read", async () => {
    await start({ state: () => state({ notes: ["x".repeat(20_000_000)] }) });
    const reader = await EventReader.open(server.url);
    reader.response.pause();
    await setTimeout(100);
    await server.stop();
    await reader.close();
  });
});

function throwText(): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is what it is about
  throw "text";
}

/** What a browser reads of it. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function timers(): number {
  return getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
