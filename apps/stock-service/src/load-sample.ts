// Adds the sample quotes to the database at DATABASE_PATH: node dist/load-sample.js
import { Database } from "./database.js";
import { Quotes } from "./quotes.js";
import { loadSample } from "./sample.js";
import { start } from "./start.js";

await start(async ({ databasePath, databaseBusyMs }) => {
  const database = Database.open({ path: databasePath, busyMs: databaseBusyMs });
  try {
    const added = await loadSample(new Quotes(database));
    process.stdout.write(`${added} sample quotes added to ${databasePath}\n`);
  } finally {
    database.close();
  }
});
