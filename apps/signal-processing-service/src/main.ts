import { drainOnSigterm } from "ecs-discovery-client";
import { buildApp } from "./app.js";
import { type Configuration, ConfigurationError, readConfiguration } from "./configuration.js";

function configure(): Configuration {
  try {
    return readConfiguration(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const configuration = configure();
const app = await buildApp({ configuration });
const { finished } = drainOnSigterm(app.server, { drainMs: configuration.drainMs });
// every answer is complete: the connections to stock-service may go, and with them the process
void finished.then(() => app.close());
// Control-C: nobody found this process by DNS
process.once("SIGINT", () => void app.close());
await app.listen({ host: configuration.host, port: configuration.port });
