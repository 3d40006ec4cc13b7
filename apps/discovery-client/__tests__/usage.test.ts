import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Agent, fetch, getGlobalDispatcher, interceptors, request, setGlobalDispatcher } from "undici";
import type { LocalTask } from "./support/local-task.js";
import { certificate, key } from "./support/certificate.js";
import { get, inParallel, NAME, Stage, until } from "./support/stage.js";

const [FIRST, SECOND] = ["127.0.16.1", "127.0.16.2"] as const;
/** Node's own, made of an undici of another major version than the client's. */
const builtInFetch = globalThis.fetch;

let stage: Stage;
let tasks: [LocalTask, LocalTask];
let url: string;

beforeEach(async () => {
  stage = await Stage.set();
  tasks = await stage.localTasks(FIRST, SECOND);
  url = `http://${NAME}:${tasks[0].port}/`;
});
afterEach(() => stage.strike());

describe("every way to send a request", () => {
  const ways: readonly [
    string,
    (options: object) => Promise<{ headers: Headers; text(): Promise<string> }>,
  ][] = [
    ["undici's fetch", (options) => fetch(url, options) as unknown as Promise<Response>],
    ["Node's fetch", (options) => builtInFetch(url, options)],
  ];

  test.each(ways)("%s: body, status and repeated headers are as sent", async (_name, send) => {
    for (const task of tasks) {
      task.answer = (incoming, response) => {
        response.setHeader("set-cookie", ["a=1", "b=2"]);
        incoming.pipe(response.writeHead(201));
      };
    }
    const dispatcher = stage.dispatcher();
    const response = await send({ dispatcher, method: "POST", body: "whole" });
    expect(response).toMatchObject({ status: 201 });
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.text()).toBe("whole");
  });

  test.each(ways)("%s: an abort ends it", async (_name, send) => {
    for (const task of tasks) task.answer = () => undefined;
    const dispatcher = stage.dispatcher();
    await expect(send({ dispatcher, signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    await until(() => dispatcher.endpoints(NAME).every(({ inflight }) => inflight === 0));
  });

  test("as global dispatcher it serves fetch and request", async () => {
    const before = getGlobalDispatcher();
    setGlobalDispatcher(stage.dispatcher());
    try {
      const answers = [await (await fetch(url)).text(), await (await request(url)).body.text()];
      expect(answers.sort()).toEqual([FIRST, SECOND]);
    } finally {
      setGlobalDispatcher(before);
    }
  });

  test("it composes with undici's interceptors", async () => {
    for (const task of tasks) {
      task.answer = ({ url: path }, response) => {
        if (path === "/old") response.writeHead(302, { location: "/new" });
        response.end(path);
      };
    }
    const dispatcher = stage.dispatcher().compose(interceptors.redirect({ maxRedirections: 1 }));
    expect(await get(dispatcher, tasks[0].port, "/old")).toBe("/new");
  });

  test("a long body arrives whole, though its reader is slow", async () => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    for (const task of tasks) {
      task.answer = (_request, response) => {
        for (let index = 0; index < 64; index += 1) response.write(chunk);
        response.end();
      };
    }
    const dispatcher = stage.dispatcher();
    for (const body of [(await request(url, { dispatcher })).body, (await fetch(url, { dispatcher })).body]) {
      let length = 0;
      for await (const part of body ?? []) {
        length += (part as Uint8Array).length;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(length).toBe(64 * 64 * 1024);
    }
  });
});

describe("origins", () => {
  test("addresses and localhost need no DNS", async () => {
    const [local] = await stage.localTasks("127.0.0.1");
    const dispatcher = stage.dispatcher();
    for (const host of ["127.0.0.1", "localhost", "stock.localhost"]) {
      const { body } = await request(`http://${host}:${local.port}/`, { dispatcher });
      expect(await body.text()).toBe("127.0.0.1");
    }
    expect(stage.dns.queries).toEqual([]);
    expect(dispatcher.endpoints("127.0.0.1")).toMatchObject([{ address: "127.0.0.1", port: local.port }]);
  });

  test("two ports of a name are two services", async () => {
    const [other] = await stage.localTasks("127.0.16.3");
    stage.dns.a(NAME, [FIRST, "127.0.16.3"]);
    const dispatcher = stage.dispatcher();
    const answers = async (port: number): Promise<Set<string>> => {
      const results = await inParallel(6, 1, () => get(dispatcher, port));
      return new Set(results.map((result) => (result.status === "fulfilled" ? result.value : "failed")));
    };
    expect(await answers(tasks[0].port)).toEqual(new Set([FIRST]));
    expect(await answers(other.port)).toEqual(new Set([other.address]));
  });

  test("the Host header names the service, with the URL's port", async () => {
    let host: string | undefined;
    for (const task of tasks) {
      task.answer = (incoming, response) => {
        host = incoming.headers.host;
        response.end();
      };
    }
    const dispatcher = stage.dispatcher();
    await get(dispatcher, tasks[0].port);
    expect(host).toBe(`${NAME}:${tasks[0].port}`);
    await request(url, { dispatcher, headers: { host: "other.example" } }).then(({ body }) => body.dump());
    expect(host).toBe("other.example");
  });

  test("with TLS the server name and the certificate's name are those of the URL", async () => {
    const seen: unknown[] = [];
    const server = createServer({ key, cert: certificate }, (incoming, response) => {
      seen.push("servername" in incoming.socket && incoming.socket.servername, incoming.headers.host);
      response.end("secret");
    });
    await new Promise<void>((resolve) => server.listen(0, FIRST, resolve));
    const { port } = server.address() as AddressInfo;
    try {
      stage.dns.a(NAME, [FIRST]);
      stage.dns.a("other.internal", [FIRST]);
      const dispatcher = stage.dispatcher({ tls: { ca: certificate } });
      const { body } = await request(`https://${NAME}:${port}/`, { dispatcher });
      expect(await body.text()).toBe("secret");
      expect(seen).toEqual([NAME, `${NAME}:${port}`]);
      await expect(request(`https://other.internal:${port}/`, { dispatcher })).rejects.toMatchObject({
        code: "ERR_TLS_CERT_ALTNAME_INVALID",
      });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test("what is not HTTP is refused", async () => {
    const dispatcher = stage.dispatcher();
    const sent = dispatcher.request({ origin: "ftp://127.0.0.1", path: "/", method: "GET" });
    await expect(sent).rejects.toMatchObject({ code: "UND_ERR_INVALID_ARG" });
    const nowhere = dispatcher.request({ origin: "no url", path: "/", method: "GET" });
    await expect(nowhere).rejects.toMatchObject({ code: "ERR_INVALID_URL" });
  });
});

describe("the end", () => {
  test("close() completes what is under way, and takes nothing new", async () => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks)
      task.answer = (_request, response) => void setTimeout(() => response.end("late"), 200);
    const pending = get(dispatcher, tasks[0].port);
    const closed = dispatcher.close();
    await expect(get(dispatcher, tasks[0].port)).rejects.toMatchObject({ code: "UND_ERR_CLOSED" });
    expect(await pending).toBe("late");
    await closed;
    await expect(get(dispatcher, tasks[0].port)).rejects.toMatchObject({ code: "UND_ERR_DESTROYED" });
  });

  test("destroy() fails what is under way, in whatever phase it is", async () => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) task.answer = () => undefined;
    const sent = get(dispatcher, tasks[0].port).catch((error: unknown) => error);
    await until(() => tasks.some((task) => task.hits === 1));
    stage.dns.silent = true;
    const lookingUp = request("http://elsewhere.internal/", { dispatcher }).catch((error: unknown) => error);
    await dispatcher.destroy(new Error("Enough"));
    expect(await sent).toMatchObject({ message: "Enough" });
    expect(await lookingUp).toMatchObject({ message: "Enough" });
  });

  test("both take a callback, as undici's do", async () => {
    const [first, second] = [stage.dispatcher(), stage.dispatcher()];
    await new Promise<void>((resolve) => first.close(resolve));
    await new Promise<void>((resolve) => second.destroy(resolve));
    await new Promise<void>((resolve) => second.destroy(null, resolve));
  });

  test("what an event's listener throws becomes a warning", async () => {
    const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const dispatcher = stage.dispatcher({
      onEvent: () => {
        throw new Error("The metrics are broken");
      },
    });
    expect(await get(dispatcher, tasks[0].port)).toMatch(/^127\.0\.16\./);
    expect(warn.mock.calls).toEqual([
      ["createDiscoveryDispatcher: onEvent threw Error: The metrics are broken"],
    ]);
    warn.mockRestore();
  });

  test("events are published on channels of node:diagnostics_channel, without a listener of the dispatcher", async () => {
    const heard: unknown[] = [];
    const hear = (event: unknown): void => void heard.push(event);
    subscribe("ecs-discovery-client:eject", hear);
    subscribe("ecs-discovery-client:retry", hear);
    try {
      const dispatcher = stage.dispatcher({ onEvent: undefined });
      await tasks[0].stop();
      await inParallel(4, 1, () => get(dispatcher, tasks[0].port));
      expect(heard).toMatchObject([
        { type: "eject", hostname: NAME, address: FIRST, reason: "connect" },
        { type: "retry", hostname: NAME, from: { address: FIRST }, to: { address: SECOND } },
      ]);
    } finally {
      unsubscribe("ecs-discovery-client:eject", hear);
      unsubscribe("ecs-discovery-client:retry", hear);
    }
  });

  test("a plain agent is left as it is", async () => {
    const agent = new Agent();
    // the system's resolver, which says the latter on a machine without a network
    const code = expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string;
    await expect(request(url, { dispatcher: agent })).rejects.toMatchObject({ code });
    await agent.close();
  });
});
