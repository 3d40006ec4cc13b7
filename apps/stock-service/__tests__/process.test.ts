import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import SQLite from "libsql";
import { migrate, MIGRATIONS } from "../src/migrations.js";
import {
  cleanUp,
  minutes,
  Program,
  quote,
  send,
  startService,
  stored,
  temporaryFile,
  temporaryFolder,
} from "./support.js";

jest.setTimeout(60_000);
afterEach(cleanUp);

interface Row {
  ticker: string;
  timestamp: number;
  volume: number;
}

const rows = (path: string): Row[] => stored(path) as Row[];
const minuteOf = (index: number): string => new Date(Date.UTC(2025, 0, 1) + index * 60_000).toISOString();

it("fails no request when it is stopped under load, completes what has begun, and exits with 0", async () => {
  const path = temporaryFile();
  const drainMs = 1000;
  const { service, url } = await startService({ DATABASE_PATH: path, DRAIN_SECONDS: String(drainMs / 1000) });
  expect(await send("POST", `${url}/api/v1/data/LOAD`, minutes(50))).toBe(201);

  // a request whose body is on its way when the server has stopped listening
  const payload = JSON.stringify({ quotes: [quote("2025-01-02")] });
  const slow = connect(Number(new URL(url).port), "127.0.0.1");
  let answer = "";
  slow.on("data", (chunk) => (answer += String(chunk)));
  slow.write(
    `POST /api/v1/data/SLOW HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${payload.length}\r\n\r\n`,
  );
  slow.write(payload.slice(0, 20));

  let isLoaded = true;
  let toldToClose = 0;
  const failed: unknown[] = [];
  let added = 0;
  const load = Array.from({ length: 8 }, async (_, worker) => {
    for (let number = 0; isLoaded; number++) {
      try {
        const response = await fetch(`${url}/api/v1/data/LOAD?limit=1000`);
        await response.arrayBuffer();
        if (response.status !== 200) failed.push(response.status);
        if (response.headers.get("connection") === "close") toldToClose += 1;
        if (number % 5 > 0) continue;
        const status = await send("POST", `${url}/api/v1/data/W${worker}`, [quote(minuteOf(number))]);
        if (status !== 201) failed.push(status);
        added += 1;
      } catch (error) {
        failed.push(error);
      }
    }
  });
  await sleep(300);
  service.process.kill("SIGTERM");
  const stopped = performance.now();
  // the time for which resolvers still hand the address out
  await sleep(drainMs * 0.6);
  isLoaded = false;
  await Promise.all(load);
  expect(failed).toEqual([]);
  expect(toldToClose).toBeGreaterThan(0);

  await sleep(Math.max(0, drainMs + 300 - (performance.now() - stopped)));
  await expect(fetch(`${url}/health`)).rejects.toThrow();
  slow.write(payload.slice(20));
  await once(slow, "close");
  expect(answer).toMatch(/^HTTP\/1\.1 201 /);
  expect(await service.finished).toMatchObject({ code: 0, stderr: "" });
  expect(rows(path).filter(({ ticker }) => ticker === "SLOW")).toHaveLength(1);
  expect(rows(path)).toHaveLength(50 + added + 1);
});

it("says what keeps it from starting, and exits with 1", async () => {
  const later = temporaryFile();
  const database = new SQLite(later);
  migrate(database, [...MIGRATIONS, "CREATE TABLE later (a)"]);
  database.close();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const attempts: [environment: Record<string, string>, messages: string[]][] = [
    [
      { PORT: "abc", LOG_LEVEL: "loud", DRAIN_SECONDS: "999", LOAD_SAMPLE_DATA: "maybe" },
      [
        "stock-service cannot start: 4 wrong variables",
        '  PORT is "abc"; allowed: a whole number from 0 to 65535; default: 80',
        '  LOG_LEVEL is "loud"; allowed: ',
        '  DRAIN_SECONDS is "999"; allowed: ',
        '  LOAD_SAMPLE_DATA is "maybe"; allowed: true, false; default: false',
      ],
    ],
    [
      { DATABASE_PATH: join(temporaryFolder(), "missing", "stock.db") },
      ["stock-service cannot start: ", "DATABASE_PATH must lie in a directory that exists"],
    ],
    [{ DATABASE_PATH: later }, ["has schema version 2, and this release knows versions up to 1"]],
    [{ DATABASE_PATH: temporaryFile(), PORT: String(port) }, ["EADDRINUSE"]],
  ];
  const finished = attempts.map(([environment]) => new Program("main", environment).finished);
  for (const [index, [, messages]] of attempts.entries()) {
    const { code, stderr } = (await finished[index]) ?? {};
    expect(code).toBe(1);
    for (const message of messages) expect(stderr).toContain(message);
  }
  server.close();
});

it("loads the sample data once, serves them, and its health check sees it come and go", async () => {
  const path = temporaryFile();
  const load = async (): Promise<unknown> => new Program("load-sample", { DATABASE_PATH: path }).finished;
  expect(await load()).toEqual({ code: 0, stdout: `750 sample quotes added to ${path}\n`, stderr: "" });
  expect(await load()).toMatchObject({ code: 0, stdout: `0 sample quotes added to ${path}\n` });

  const { service, url } = await startService({
    DATABASE_PATH: path,
    LOAD_SAMPLE_DATA: "true",
    HOST: "127.0.0.17",
  });
  const page = (await (await fetch(`${url}/api/v1/data/TICKER_1?limit=1`)).json()) as object;
  expect(page).toMatchObject({
    ticker: "TICKER_1",
    quotes: [{ timestamp: "2025-01-02T00:00:00Z", close: 98.3 }],
  });

  const { port } = new URL(url);
  const check = (HOST = "127.0.0.17"): Promise<unknown> =>
    new Program("health-check", { PORT: port, HOST }).finished;
  expect(await check()).toEqual({ code: 0, stdout: "", stderr: "" });
  // of all addresses the container's own is asked, where this one does not listen
  expect(await check("0.0.0.0")).toMatchObject({ code: 1 });
  service.process.kill("SIGTERM");
  expect(await service.finished).toMatchObject({ code: 0, stderr: "" });
  expect(await check()).toMatchObject({ code: 1, stderr: expect.stringContaining("ECONNREFUSED") as string });
});
