/**
 * Compares ways to call three tasks behind one DNS name, each a process of its own, on loopback: the clients take turns.
 * DNS goes on naming a task that is lost. Two of them need nginx and HAProxy (Debian: nginx-light, haproxy).
 *
 *     npm run bench:discovery
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ScriptedDns } from "../../apps/discovery-client/__tests__/support/scripted-dns.js";
import { Task } from "../../apps/discovery-client/__tests__/support/task.js";
import { runScript } from "../../scripts/flags";
import { markdownTable, ratios, spread, text } from "../statistics";
import { clientsOf } from "./clients.js";
import type { Figures } from "./figures.js";
import { lose } from "./loss.js";
import { overhead } from "./overhead.js";
import { Proxies } from "./proxies.js";
import { steady } from "./steady.js";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const RESULTS = join(__dirname, "..", "results");
const NAME = "stock-service.trading.internal";
const ADDRESSES = ["127.0.30.1", "127.0.30.2", "127.0.30.3"];

/** Of each client, a figure for each round. */
type Results = ReadonlyMap<string, readonly Figures[]>;

async function main(): Promise<void> {
  const added = await overhead(ROUNDS);
  const results = await rounds();
  mkdirSync(RESULTS, { recursive: true });
  const raw = { clients: Object.fromEntries(results), overheadMicroseconds: Object.fromEntries(added) };
  writeFileSync(join(RESULTS, "discovery.json"), `${JSON.stringify(raw, null, 2)}\n`);
  print(results, added);
}

async function rounds(): Promise<Results> {
  const dns = await ScriptedDns.start();
  dns.a(NAME, ADDRESSES, 10);
  const tasks = await Task.startAll(ADDRESSES);
  const addresses = tasks.map(({ address, port }) => `${address}:${port}`);
  const proxies = await Proxies.start(addresses);
  const clients = clientsOf({ server: dns.server, tasks: addresses, proxies: proxies.all });
  const results = new Map<string, Figures[]>();
  const [lost] = tasks;
  if (lost === undefined) throw new Error("There are no tasks.");
  const url = `http://${NAME}:${lost.port}/`;
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const healthy = await steady(clients, url, ADDRESSES, dns);
      for (const [name, create] of clients) {
        const killed = await lose("killed", create(), url, () => lost.kill());
        await lost.restart();
        const frozen = await lose("frozen", create(), url, () => lost.freeze());
        lost.thaw();
        results.set(name, [...(results.get(name) ?? []), { ...healthy.get(name), ...killed, ...frozen }]);
      }
    }
  } finally {
    await proxies.stop();
    await Promise.all(tasks.map((task) => task.kill()));
    await dns.stop();
  }
  return results;
}

function print(results: Results, added: ReadonlyMap<string, readonly number[]>): void {
  const figures = Object.keys([...results.values()][0]?.[0] ?? {});
  const of = (client: string, figure: string): number[] =>
    // where nothing succeeded there is no time of a success
    (results.get(client) ?? []).flatMap((round) => round[figure] ?? []).filter((value) => !isNaN(value));
  const rows = figures.map((name) => [
    name,
    ...[...results.keys()].map((client) => text(spread(of(client, name)))),
  ]);
  process.stdout.write(markdownTable([[`median of ${ROUNDS} rounds`, ...results.keys()], ...rows]));
  const figure = "20 callers: requests/s";
  const ratio = ratios(of("ecs-discovery-client", figure), of("undici dns", figure));
  process.stdout.write(`\n${figure}, ecs-discovery-client / undici dns: ${text(ratio)}\n`);
  const overheads = [...added].map(([name, each]) => [name, text(spread(each))]);
  process.stdout.write(`\n${markdownTable([["added to the median request", "µs"], ...overheads])}`);
}

void runScript({
  command: "npm run bench:discovery",
  help: "Measures ways to call three tasks behind one DNS name. ROUNDS sets the number of rounds; default 5.",
  flags: {},
  main,
});
