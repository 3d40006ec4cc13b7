import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { Database } from "../src/database.js";
import { Quotes } from "../src/quotes.js";
import { loadSample, parseCsv, SAMPLE_FILE, sampleCsv } from "../src/sample.js";
import { cleanUp, json, quote, stored, temporaryApp, temporaryFile, TICKER } from "./support.js";

afterEach(cleanUp);

describe("the OpenAPI document", () => {
  interface Operation {
    operationId: string;
    parameters?: { name: string; in: string; required?: boolean; schema: object }[];
    requestBody?: { content: Record<string, { schema: object }> };
    responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
  }
  interface Document {
    openapi: string;
    info: { title: string; version: string };
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, object> };
  }

  const document = async (): Promise<Document> => {
    const { app } = await temporaryApp();
    return json<Document>(await app.inject("/openapi.json"));
  };

  const operations = ({ paths }: Document): [path: string, method: string, operation: Operation][] =>
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, string, Operation] => [
        path,
        method,
        operation,
      ]),
    );

  /** Methods by path, out of the tree that Fastify draws of its routes. */
  function drawnRoutes(app: FastifyInstance): [method: string, url: string][] {
    const above: string[] = [];
    return app
      .printRoutes({ commonPrefix: false })
      .split("\n")
      .flatMap((line) => {
        const [, indent = "", path = "", methods = ""] = /^(\W{4,}?)(\/\S*)(?: \((.+)\))?/.exec(line) ?? [];
        above.splice(indent.length / 4 - 1, Infinity, path);
        return methods === ""
          ? []
          : methods.split(", ").map((method): [string, string] => [method, above.join("")]);
      });
  }

  it("has every route of the app and no other", async () => {
    const { app } = await temporaryApp();
    const described = operations(await document()).map(
      ([path, method]) => `${method.toUpperCase()} ${path.replace("{ticker}", ":ticker")}`,
    );
    expect(described.sort()).toEqual([
      "DELETE /api/v1/data/:ticker",
      "GET /api/v1/data",
      "GET /api/v1/data/:ticker",
      "GET /health",
      "GET /openapi.json",
      "POST /api/v1/data/:ticker",
      "PUT /api/v1/data/:ticker",
    ]);
    const drawn = drawnRoutes(app);
    expect(drawn.map((route) => route.join(" "))).toEqual(expect.arrayContaining(described));
    // whatever else there is says that it is not possible; HEAD comes with GET
    for (const [method, url] of drawn) {
      if (method === "HEAD" || described.includes(`${method} ${url}`)) continue;
      const { statusCode } = await app.inject({
        method: method as "GET",
        url: url.replace(":ticker", "TICKER_1"),
      });
      expect([method, url, statusCode]).toEqual([method, url, 405]);
    }
  });

  it("is of version 3.1, its references lead somewhere, its path parameters are described", async () => {
    const openApi = await document();
    expect(openApi).toMatchObject({ openapi: "3.1.0", info: { title: "stock-service", version: "1.0.0" } });
    expect(Object.keys(openApi.components.schemas).sort()).toEqual(["Problem", "Quote"]);
    const references = JSON.stringify(openApi).matchAll(/"\$ref":"([^"]+)"/g);
    for (const [, reference = ""] of references) {
      expect(reference).toMatch(/^#\/components\/schemas\/(Problem|Quote)$/);
    }
    expect(new Set(operations(openApi).map(([, , { operationId }]) => operationId)).size).toBe(7);
    for (const [path, , { parameters = [] }] of operations(openApi)) {
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name, required }) => [name, required])).toEqual(
        path.includes("{ticker}") ? [["ticker", true]] : [],
      );
    }
  });

  it("describes what goes in and what comes out, problems included", async () => {
    const openApi = await document();
    for (const [path, method, { requestBody, responses }] of operations(openApi)) {
      const hasBody = ["post", "put"].includes(method);
      expect(Object.keys(requestBody?.content ?? {})).toEqual(hasBody ? ["application/json"] : []);
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(description).toMatch(/\.$/);
        expect(Object.keys(content)).toEqual([
          Number(status) < 400 ? "application/json" : "application/problem+json",
        ]);
      }
      if (path.includes("data")) expect(responses).toMatchObject({ 400: {}, 503: {} });
    }
    expect(Object.keys(openApi.paths["/api/v1/data/{ticker}"]?.post?.responses ?? {})).toEqual([
      "201",
      "400",
      "409",
      "413",
      "415",
      "422",
      "503",
    ]);
  });
});

describe("the log", () => {
  it("has a line for a request and one for its answer, with the request's own id, and no bodies", async () => {
    const { app, lines } = await temporaryApp();
    const response = await app.inject({
      method: "POST",
      url: TICKER,
      headers: { "x-request-id": "caller-17:a" },
      payload: { quotes: [quote("2025-01-02", { volume: 987_654_321 })] },
    });
    expect(response.headers["x-request-id"]).toBe("caller-17:a");
    expect(lines).toMatchObject([
      {
        level: "info",
        service: "stock-service",
        requestId: "caller-17:a",
        req: { method: "POST", url: TICKER },
      },
      { level: "info", service: "stock-service", requestId: "caller-17:a", res: { statusCode: 201 } },
    ]);
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(JSON.stringify(lines)).not.toContain("987654321");
  });

  it.each([
    ["malformed", '{"secret-in-the-body":'],
    ["refused", '{"secret-in-the-body":1}'],
  ])("has nothing of a %s body either", async (_name, payload) => {
    const { app, lines } = await temporaryApp();
    const headers = { "content-type": "application/json" };
    const { statusCode } = await app.inject({ method: "POST", url: TICKER, headers, payload });
    expect(statusCode).toBe(400);
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it.each(["", "two words", "a\tb", "x".repeat(129), '{"a":1}'])(
    "gives a request its own id instead of %j",
    async (id) => {
      const { app, lines } = await temporaryApp();
      const { headers } = await app.inject({ url: "/api/v1/data", headers: { "x-request-id": id } });
      expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(lines.map(({ requestId }) => requestId)).toEqual(Array(2).fill(headers["x-request-id"]));
    },
  );

  it("has what went wrong here, which the answer has not", async () => {
    const database = Database.open({ path: temporaryFile() });
    const { app, lines } = await temporaryApp({ database });
    database.close();
    const response = await app.inject(TICKER);
    expect([response.statusCode, response.json()]).toEqual([
      500,
      expect.objectContaining({
        type: "tag:trading-platform.local,2026:internal-error",
        title: "Internal Server Error",
      }),
    ]);
    expect(response.body).not.toContain("database connection");
    expect(lines.find(({ level }) => level === "error")).toMatchObject({
      requestId: response.headers["x-request-id"],
      err: { message: expect.stringContaining("database connection is not open") as string },
    });
  });
});

describe("on a real socket", () => {
  it("keeps idle connections for 65 seconds, and waits for a request for 30", async () => {
    const { app } = await temporaryApp();
    expect([app.server.keepAliveTimeout, app.server.requestTimeout]).toEqual([65_000, 30_000]);
  });

  it.each([
    ["what is no HTTP", "HELO stock-service\r\n\r\n", 400, "invalid-request"],
    [
      "headers that are too large",
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      431,
      "headers-too-large",
    ],
  ])("answers %s with a problem document", async (_name, sent, status, type) => {
    const { app } = await temporaryApp();
    await app.listen({ port: 0, host: "127.0.0.1" });
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
    socket.on("error", () => undefined);
    let answer = "";
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.write(sent);
    await once(socket, "close");
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*application/problem\\+json`));
    expect(JSON.parse(body)).toMatchObject({ status, type: `tag:trading-platform.local,2026:${type}` });
  });
});

describe("the sample data", () => {
  it("are what the generator makes, on every machine", () => {
    expect(readFileSync(SAMPLE_FILE, "utf8")).toBe(sampleCsv());
  });

  it("are 250 daily quotes of each of three tickers, all of which the API takes", async () => {
    const { app } = await temporaryApp();
    const byTicker = parseCsv(sampleCsv());
    expect([...byTicker].map(([ticker, quotes]) => [ticker, quotes.length])).toEqual([
      ["TICKER_1", 250],
      ["TICKER_2", 250],
      ["TICKER_3", 250],
    ]);
    for (const [ticker, quotes] of byTicker) {
      const response = await app.inject({
        method: "POST",
        url: `/api/v1/data/${ticker}`,
        payload: { quotes },
      });
      expect([response.statusCode, response.json()]).toEqual([201, { ticker, added: 250 }]);
    }
  });

  it("are added where they are missing, and change nothing", async () => {
    const path = temporaryFile();
    const database = Database.open({ path });
    const quotes = new Quotes(database);
    await quotes.add("TICKER_1", [quote("2025-01-02", { volume: 42 })]);
    expect(await loadSample(quotes)).toBe(749);
    const loaded = stored(path);
    expect(loaded).toHaveLength(750);
    expect(loaded[0]).toMatchObject({ ticker: "TICKER_1", volume: 42 });
    expect(await loadSample(quotes)).toBe(0);
    expect(stored(path)).toEqual(loaded);
    database.close();
  });

  it("are read from a file with the right first line only", () => {
    expect(() => parseCsv("ticker,date\nA,B\n")).toThrow("the first line must be");
  });
});
