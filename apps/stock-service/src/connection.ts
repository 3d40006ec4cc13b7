import type SQLite from "libsql";

/** A prepared statement, with the types of its parameters and of its rows. */
export interface Statement<Parameters extends unknown[], Row> {
  run(...parameters: Parameters): { readonly changes: number };
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
}

/**
 * Prepares a statement. The library's own `get` is not used, because it adds a property `_metadata` to the row; and its
 * statements would go on working after the connection was closed.
 * @throws Error if the connection is closed, when the statement is used
 */
export function prepare<Parameters extends unknown[], Row>(
  connection: SQLite.Database,
  sql: string,
): Statement<Parameters, Row> {
  const prepared = connection.prepare(sql);
  const statement = (): typeof prepared => {
    if (!connection.open) throw new Error("the connection to the database is closed");
    return prepared;
  };
  return {
    run: (...parameters) => statement().run(...parameters),
    get: (...parameters) => statement().all(...parameters)[0] as Row | undefined,
    all: (...parameters) => statement().all(...parameters) as Row[],
  };
}

/** Sets or asks a pragma; returns the first value that SQLite answers with, if there is one. */
export function pragma(connection: SQLite.Database, text: string): unknown {
  const row = prepare<[], object>(connection, `PRAGMA ${text}`).get();
  return row && Object.values(row)[0];
}

/**
 * Runs `work` and commits it, or, if it or the commit throws, leaves the data as they were and throws the same. The
 * library's own `transaction` hides the error of a full disk: SQLite has rolled back then, and its rollback fails.
 */
export function inTransaction<Result>(
  connection: SQLite.Database,
  mode: "DEFERRED" | "IMMEDIATE",
  work: () => Result,
): Result {
  connection.exec(`BEGIN ${mode}`);
  try {
    const result = work();
    connection.exec("COMMIT");
    return result;
  } catch (error) {
    // after some errors, such as a full disk, SQLite has rolled back itself
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}
