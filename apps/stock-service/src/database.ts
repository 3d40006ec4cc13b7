import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import SQLite from "libsql";
import { inTransaction, pragma, prepare, type Statement } from "./connection.js";
import { migrate } from "./migrations.js";

/**
 * How long SQLite itself may wait for a lock. It waits by blocking the thread, and with it every other request and the
 * health check, so this is short; the longer wait is done without blocking, in `Database.read` and `Database.write`.
 */
const ATTEMPT_MS = 20;

/** Another process held the lock for longer than a request may wait. */
export class DatabaseBusyError extends Error {
  public override readonly name = "DatabaseBusyError";

  public constructor(waitedMs: number) {
    super(`another process has kept the database locked for ${waitedMs} ms`);
  }
}

export interface DatabaseOptions {
  /** The file; it is made if it is not there, its directory is not. */
  readonly path: string;
  /** How long a transaction may wait for other processes. @default 5000 */
  readonly busyMs?: number;
}

/**
 * A SQLite file that may lie on a network file system, with the settings that this takes.
 *
 * **No write-ahead log.** WAL keeps its index in memory that all processes share, so "all processes using a database
 * must be on the same host computer; WAL does not work over a network filesystem" (https://sqlite.org/wal.html). On EFS
 * two tasks are two hosts. A file that comes in WAL mode is converted when it is opened.
 *
 * **Rollback journal, TRUNCATE.** A transaction commits when its journal is emptied. DELETE commits by removing the
 * journal, and whether a journal is there is what an NFS client may remember for up to a minute (`acdirmax`,
 * `lookupcache` in nfs(5)): a task could overlook the journal of one that was killed, and read half a transaction. A
 * journal that stays is opened to look into it, and opening makes an NFS client ask the server. PERSIST has that too,
 * but leaves the old pages in the file.
 *
 * **synchronous EXTRA.** A commit is on disk when it is acknowledged: the file is synced, then the emptied journal.
 * EXTRA is FULL with a sync of the directory where a journal is deleted
 * (https://sqlite.org/pragma.html#pragma_synchronous), which TRUNCATE does not do; it costs nothing and holds should
 * the journal mode ever change.
 *
 * **locking_mode NORMAL, IMMEDIATE transactions.** SQLite's locks are POSIX advisory locks, which NFSv4 and EFS pass on
 * to other hosts. Each transaction takes them and gives them back, so the old and the new task of a rolling deployment
 * take turns. EXCLUSIVE would keep the new task unhealthy until the old one is gone, which waits for a healthy new one.
 * A write takes the write lock at its beginning: a transaction that reads first and then wants to write can fail
 * half-way. SQLite's own page warns that many network file systems lock badly (https://sqlite.org/lockingv3.html), so
 * one writing task is the rule and the overlap the exception.
 *
 * **No memory map, temporary tables in memory.** Mapped pages of a network file do not see other hosts' writes, and a
 * container with a read-only root has no place for temporary files.
 */
export class Database {
  /**
   * Opens a file, sets it up and migrates its schema; waits for other processes that do the same.
   * @throws Error if the directory is missing, the file is no database, it is locked for too long or its schema is
   * newer
   */
  public static open({ path, busyMs = 5000 }: DatabaseOptions): Database {
    if (!existsSync(dirname(path))) throw new Error(`cannot open ${path}: its directory does not exist`);
    const connection = new SQLite(path, { timeout: busyMs });
    try {
      const journalMode = pragma(connection, "journal_mode = TRUNCATE");
      if (journalMode !== "truncate") {
        throw new Error(`${path} stays in journal mode ${String(journalMode)}: another process has it open`);
      }
      pragma(connection, "synchronous = EXTRA");
      pragma(connection, "locking_mode = NORMAL");
      pragma(connection, "mmap_size = 0");
      pragma(connection, "temp_store = MEMORY");
      const migrated = migrate(connection);
      // reads the schema, so that preparing a statement needs no lock any more
      connection.exec("SELECT 1 FROM sqlite_schema");
      pragma(connection, `busy_timeout = ${ATTEMPT_MS}`);
      return new Database(connection, busyMs, migrated);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  readonly #probe: Statement<[], unknown>;
  readonly #reads = new Queue();
  readonly #writes = new Queue();

  private constructor(
    private readonly connection: SQLite.Database,
    private readonly busyMs: number,
    /** Version of the schema before and after opening. */
    public readonly migrated: { readonly from: number; readonly to: number },
  ) {
    this.#probe = prepare(connection, "SELECT 1 FROM quotes LIMIT 1");
  }

  /** A statement to use inside `read` and `write`. */
  public prepare<Parameters extends unknown[], Row>(sql: string): Statement<Parameters, Row> {
    return prepare(this.connection, sql);
  }

  /**
   * Runs `work` on one state of the data. `work` may run several times, and is never interrupted.
   * @throws DatabaseBusyError if another process holds the lock for too long
   */
  public read<Result>(work: () => Result): Promise<Result> {
    return this.run(this.#reads, () => inTransaction(this.connection, "DEFERRED", work));
  }

  /**
   * Runs `work` and commits it, or, if it throws, leaves the data as they were. When the promise is fulfilled, the data
   * are on disk. `work` may run several times.
   * @throws DatabaseBusyError if another process holds the lock for too long; nothing is written then
   */
  public write<Result>(work: () => Result): Promise<Result> {
    return this.run(this.#writes, () => inTransaction(this.connection, "IMMEDIATE", work));
  }

  /**
   * Reads the file, without waiting for its turn or for a lock: for a health check, which must answer soon.
   * @throws Error if the file cannot be read
   */
  public probe(): "ok" | "busy" {
    try {
      this.#probe.get();
      return "ok";
    } catch (error) {
      if (isBusy(error)) return "busy";
      throw error;
    }
  }

  /** Closes the file. Nothing may be under way. */
  public close(): void {
    this.connection.close();
  }

  private run<Result>(queue: Queue, transaction: () => Result): Promise<Result> {
    const deadline = performance.now() + this.busyMs;
    return queue.add(async () => {
      for (;;) {
        try {
          return transaction();
        } catch (error) {
          if (!isBusy(error)) throw error;
          if (performance.now() >= deadline) throw new DatabaseBusyError(this.busyMs);
        }
        await sleep(5 + Math.random() * 20);
      }
    });
  }
}

/** One after the other: while a lock is taken, one transaction asks for it and the rest wait behind it. */
class Queue {
  #last: Promise<unknown> = Promise.resolve();

  public add<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** SQLITE_BUSY and its extended codes. */
function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && code.startsWith("SQLITE_BUSY");
}
