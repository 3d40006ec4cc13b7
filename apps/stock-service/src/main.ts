import { drainOnSigterm } from "ecs-discovery-client";
import { buildApp } from "./app.js";
import { Database } from "./database.js";
import { Quotes } from "./quotes.js";
import { loadSample } from "./sample.js";
import { start } from "./start.js";

await start(async ({ port, host, databasePath, databaseBusyMs, logLevel, drainMs, loadSampleData }) => {
  const database = Database.open({ path: databasePath, busyMs: databaseBusyMs });
  const app = await buildApp({ database, logLevel });
  try {
    app.log.info({ database: databasePath, migrated: database.migrated }, "Database open");
    if (loadSampleData) app.log.info({ added: await loadSample(new Quotes(database)) }, "Sample data loaded");
    const { finished } = drainOnSigterm(app.server, { drainMs });
    // the server has served on for a while and completed its last request: now the database may go
    void finished.then(() => app.close());
    await app.listen({ port, host });
  } catch (error) {
    await app.close();
    throw error;
  }
  // Control-C ends it at once, also as the first process of a container; what was acknowledged is on disk
  process.once("SIGINT", () => process.exit(130));
});
