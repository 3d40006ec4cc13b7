import type SQLite from "libsql";
import { inTransaction, pragma, prepare } from "./connection.js";

/**
 * The schema, step by step: step n brings a database from version n - 1 to version n. What is released is never edited;
 * a change is a step at the end. While a deployment rolls, the old task goes on working on the new schema, so a step
 * only adds (a table, an index, a column with a default), and what is no longer used goes one release later.
 */
export const MIGRATIONS: readonly string[] = [
  // clustered by ticker and time (WITHOUT ROWID), since every question is for a range of one ticker;
  // the checks repeat what the API checks, for whoever opens the file with another program
  `CREATE TABLE quotes (
     ticker    TEXT    NOT NULL CHECK (ticker <> ''),
     timestamp INTEGER NOT NULL,
     open      REAL    NOT NULL CHECK (open > 0),
     high      REAL    NOT NULL CHECK (high >= max(open, close)),
     low       REAL    NOT NULL CHECK (low > 0 AND low <= min(open, close)),
     close     REAL    NOT NULL CHECK (close > 0),
     volume    INTEGER NOT NULL CHECK (volume >= 0),
     PRIMARY KEY (ticker, timestamp)
   ) STRICT, WITHOUT ROWID`,
];

/** The file was written by a later release, whose schema this one does not know. */
export class SchemaTooNewError extends Error {
  public override readonly name = "SchemaTooNewError";

  public constructor(path: string, found: number, known: number) {
    super(
      `${path} has schema version ${found}, and this release knows versions up to ${known}. ` +
        "Run the release that wrote it, or a later one; or restore a backup from before that release.",
    );
  }
}

const versionOf = (database: SQLite.Database): number => pragma(database, "user_version") as number;

const pathOf = (database: SQLite.Database): string =>
  prepare<[], { file: string }>(database, "PRAGMA database_list").get()?.file ?? "";

/**
 * Brings a database to the newest version in one transaction: after a crash half-way it is as it was before. Of several
 * processes that start at once one migrates and the others wait.
 * @returns the versions before and after
 * @throws SchemaTooNewError for a database that is newer than `migrations`, which is left untouched
 */
export function migrate(
  database: SQLite.Database,
  migrations: readonly string[] = MIGRATIONS,
): { readonly from: number; readonly to: number } {
  const to = migrations.length;
  const checkedVersion = (): number => {
    const version = versionOf(database);
    if (version > to) throw new SchemaTooNewError(pathOf(database), version, to);
    return version;
  };
  // a start without anything to migrate must not wait for a writer
  const from = checkedVersion();
  if (from === to) return { from, to };
  inTransaction(database, "IMMEDIATE", () => {
    for (const step of migrations.slice(checkedVersion())) database.exec(step);
    pragma(database, `user_version = ${to}`);
  });
  return { from, to };
}
