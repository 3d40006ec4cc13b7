import { copyFileSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import SQLite from "libsql";
import { pragma } from "../src/connection.js";
import { Database, DatabaseBusyError } from "../src/database.js";
import { migrate, MIGRATIONS, SchemaTooNewError } from "../src/migrations.js";
import { Quotes } from "../src/quotes.js";
import {
  cleanUp,
  json,
  minutes,
  quote,
  stored,
  temporaryApp,
  temporaryFile,
  temporaryFolder,
  TICKER,
} from "./support.js";

afterEach(cleanUp);

const setting = (database: Database, name: string): unknown =>
  Object.values(database.prepare<[], Record<string, unknown>>(`PRAGMA ${name}`).get() ?? {})[0];

describe("on a network file system", () => {
  it("keeps a rollback journal that stays, syncs every commit, locks per transaction and maps no memory", () => {
    const database = Database.open({ path: temporaryFile() });
    const names = ["journal_mode", "synchronous", "locking_mode", "mmap_size", "temp_store", "busy_timeout"];
    const settings = Object.fromEntries(names.map((name) => [name, setting(database, name)]));
    database.close();
    expect(settings).toEqual({
      journal_mode: "truncate",
      synchronous: 3, // EXTRA
      locking_mode: "normal",
      mmap_size: 0,
      temp_store: 2, // MEMORY
      busy_timeout: 20,
    });
  });

  it("has an empty journal and no shared memory beside the file once a write is acknowledged", async () => {
    const { app, path } = await temporaryApp();
    await app.inject({ method: "PUT", url: TICKER, payload: { quotes: minutes(10) } });
    expect(statSync(`${path}-journal`).size).toBe(0);
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false]);
  });

  it("converts a file that was left in WAL mode, with all that is in its log", () => {
    const path = temporaryFile();
    const other = new SQLite(path);
    other.pragma("journal_mode = WAL");
    migrate(other);
    other.exec("INSERT INTO quotes VALUES ('A', 0, 1, 1, 1, 1, 1)");
    // a copy is what a killed process leaves
    const copy = temporaryFile();
    for (const end of ["", "-wal"]) copyFileSync(`${path}${end}`, `${copy}${end}`);
    other.close();
    const database = Database.open({ path: copy });
    expect(setting(database, "journal_mode")).toBe("truncate");
    database.close();
    expect(stored(copy)).toHaveLength(1);
  });

  it("refuses a file that another process keeps in WAL mode", () => {
    const path = temporaryFile();
    const other = new SQLite(path);
    other.pragma("journal_mode = WAL");
    migrate(other);
    expect(() => Database.open({ path, busyMs: 50 })).toThrow(/database is locked|stays in journal mode wal/);
    other.close();
  });

  it("rolls back what a killed process left half-written", async () => {
    const { app, path } = await temporaryApp();
    await app.inject({ method: "PUT", url: TICKER, payload: { quotes: minutes(500) } });
    const before = stored(path);

    const other = new SQLite(path);
    other.pragma("journal_mode = TRUNCATE");
    // a tiny cache makes SQLite write to the file long before the commit
    other.pragma("cache_size = 5");
    other.exec("BEGIN IMMEDIATE; UPDATE quotes SET close = open, volume = 7");
    const insert = other.prepare("INSERT INTO quotes VALUES ('HALF', ?, 1, 1, 1, 1, 1)");
    for (let row = 0; row < 5000; row++) insert.run(row);
    const folder = temporaryFolder();
    const copy = join(folder, "stock.db");
    for (const end of ["", "-journal"]) copyFileSync(`${path}${end}`, `${copy}${end}`);
    other.exec("ROLLBACK");
    other.close();
    expect(statSync(copy).size).toBeGreaterThan(statSync(path).size);
    expect(statSync(`${copy}-journal`).size).toBeGreaterThan(0);

    const { app: restarted } = await temporaryApp({ path: copy });
    expect(json<{ tickers: unknown[] }>(await restarted.inject("/api/v1/data")).tickers).toHaveLength(1);
    expect(stored(copy)).toEqual(before);
  });
});

describe("while another process has locked the file", () => {
  /** Locks a file as a process does that is committing; nobody can read or write. */
  function lock(path: string): () => void {
    const other = new SQLite(path);
    other.exec("BEGIN EXCLUSIVE");
    return () => {
      other.exec("COMMIT");
      other.close();
    };
  }

  it("waits without blocking: the health check answers meanwhile, and nobody is told to try again", async () => {
    const { app, path } = await temporaryApp();
    await app.inject({ method: "POST", url: TICKER, payload: { quotes: minutes(2) } });
    const unlock = lock(path);
    let done = 0;
    const responses = Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const response = await (index % 2 === 0
          ? app.inject(TICKER)
          : app.inject({ method: "POST", url: `/api/v1/data/T${index}`, payload: { quotes: minutes(1) } }));
        done += 1;
        return response.statusCode;
      }),
    );
    const began = performance.now();
    for (let look = 0; look < 5; look++) {
      const health = await app.inject("/health");
      expect([health.statusCode, health.json()]).toEqual([200, { status: "ok", database: "busy" }]);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    // five looks at the health, each beside 20 requests that wait: had each waited by blocking, it would be seconds
    expect(performance.now() - began).toBeLessThan(1500);
    expect(done).toBe(0);
    unlock();
    expect(await responses).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 200 : 201)));
    expect(stored(path)).toHaveLength(12);
  });

  it("answers 503 with Retry-After when it takes too long, and has written nothing", async () => {
    const { app, path, lines } = await temporaryApp({ busyMs: 100 });
    await app.inject({ method: "POST", url: TICKER, payload: { quotes: minutes(2) } });
    const before = stored(path);
    const unlock = lock(path);
    const responses = await Promise.all([
      app.inject(TICKER),
      app.inject({ method: "PUT", url: TICKER, payload: { quotes: minutes(5) } }),
      app.inject({ method: "DELETE", url: TICKER }),
    ]);
    unlock();
    for (const response of responses) {
      expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "1"]);
      expect(response.json()).toMatchObject({
        type: "tag:trading-platform.local,2026:database-busy",
        status: 503,
      });
    }
    expect(stored(path)).toEqual(before);
    expect(lines.filter(({ level }) => level === "error")).toHaveLength(3);
  });

  it("reads while another process has begun to write", async () => {
    const { app, path } = await temporaryApp({ busyMs: 100 });
    await app.inject({ method: "POST", url: TICKER, payload: { quotes: minutes(2) } });
    const other = new SQLite(path);
    other.exec("BEGIN IMMEDIATE; DELETE FROM quotes");
    expect((await app.inject(TICKER)).statusCode).toBe(200);
    expect((await app.inject({ method: "DELETE", url: TICKER })).statusCode).toBe(503);
    other.exec("ROLLBACK");
    other.close();
  });

  it("does not begin a transaction that cannot be written in", async () => {
    const path = temporaryFile();
    const [one, two] = [Database.open({ path }), Database.open({ path, busyMs: 50 })];
    let isRun = false;
    await one.write(() => {
      // reads first, as a change does; with a deferred transaction both would get here, and one would fail at its end
      one.prepare("SELECT 1 FROM quotes").get();
      void two.write(() => (isRun = true)).catch(() => undefined);
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isRun).toBe(true);
    const other = new SQLite(path);
    other.exec("BEGIN IMMEDIATE");
    let runs = 0;
    await expect(two.write(() => (runs += 1))).rejects.toThrow(DatabaseBusyError);
    expect(runs).toBe(0);
    other.close();
    one.close();
    two.close();
  });
});

it("says in /health that the database does not answer", async () => {
  const { app, lines } = await temporaryApp();
  const database = Database.open({ path: temporaryFile() });
  const { app: broken } = await temporaryApp({ database });
  database.close();
  const response = await broken.inject("/health");
  expect(response.statusCode).toBe(503);
  expect(response.json()).toMatchObject({ type: "tag:trading-platform.local,2026:database-unavailable" });
  expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect((await app.inject("/health")).json()).toEqual({ status: "ok", database: "ok" });
  // the health check is not logged
  expect(lines).toEqual([]);
});

it("leaves everything as it was when a transaction throws", async () => {
  const path = temporaryFile();
  const database = Database.open({ path });
  const quotes = new Quotes(database);
  await quotes.add("A", [quote("2025-01-02")]);
  const wrong = quote("2025-01-04", { low: -1 });
  await expect(
    quotes.put("A", [quote("2025-01-02", { volume: 5 }), quote("2025-01-03"), wrong]),
  ).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_CHECK" });
  expect(stored(path)).toMatchObject([{ volume: 1000 }]);
  database.close();
});

describe("migrations", () => {
  const ADDED = "ALTER TABLE quotes ADD COLUMN currency TEXT NOT NULL DEFAULT 'USD'";

  it("bring an older database to the newest version, with its data", () => {
    const path = temporaryFile();
    const connection = new SQLite(path);
    expect(migrate(connection)).toEqual({ from: 0, to: 1 });
    connection.exec("INSERT INTO quotes VALUES ('A', 0, 1, 1, 1, 1, 1)");
    expect(migrate(connection, [...MIGRATIONS, ADDED])).toEqual({ from: 1, to: 2 });
    expect(pragma(connection, "user_version")).toBe(2);
    expect(connection.prepare("SELECT ticker, currency FROM quotes").all()).toEqual([
      { ticker: "A", currency: "USD" },
    ]);
    // a step that was done is not done again
    expect(migrate(connection, [...MIGRATIONS, ADDED])).toEqual({ from: 2, to: 2 });
    connection.close();
  });

  it("are all done or none", () => {
    const connection = new SQLite(temporaryFile());
    migrate(connection);
    expect(() => migrate(connection, [...MIGRATIONS, ADDED, "CREATE TABLE quotes (a)"])).toThrow(
      "already exists",
    );
    expect(pragma(connection, "user_version")).toBe(1);
    expect(connection.pragma("table_info(quotes)")).toHaveLength(7);
    connection.close();
  });

  it("refuse a newer database and leave it alone", () => {
    const path = temporaryFile();
    const newer = new SQLite(path);
    migrate(newer, [...MIGRATIONS, ADDED]);
    newer.close();
    const { mtimeMs } = statSync(path);
    expect(() => Database.open({ path })).toThrow(SchemaTooNewError);
    expect(() => Database.open({ path })).toThrow(/version 2, and this release knows versions up to 1/);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it("let the release before go on working on what they added", async () => {
    const { app, path } = await temporaryApp();
    const newer = new SQLite(path);
    migrate(newer, [...MIGRATIONS, ADDED]);
    newer.close();
    const { statusCode } = await app.inject({ method: "PUT", url: TICKER, payload: { quotes: minutes(3) } });
    expect([statusCode, (await app.inject(TICKER)).statusCode]).toEqual([201, 200]);
  });
});
