import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Dispatcher } from "undici";
import { ScriptedDns } from "../../apps/discovery-client/__tests__/support/scripted-dns.js";
import { spread } from "../statistics";
import { clientsOf } from "./clients.js";
import { get } from "./figures.js";

const NAME = "stock-service.trading.internal";
const ADDRESS = "127.0.30.4";
/** It is there twice: what it adds to itself shows how exact the comparison is. */
const PLAIN = "undici, look-up per connection";
const CLIENTS = [PLAIN, "undici dns", "dns + retry", "ecs-discovery-client"];
/** Of each client. */
const WARM_UP = 2000;
/** Of each client, about. */
const REQUESTS = 10_000;

/**
 * The microseconds that a client adds to the median request of plain undici, a figure for each round. One caller, one task.
 *
 * The task is in the caller's process: where it is in another, most of a request is the machine waking the one and the
 * other, which takes fifty times what is looked for. The clients take turns request by request, in one process and at
 * random, so that whatever else the machine does falls on all of them.
 */
export async function overhead(rounds: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const dns = await ScriptedDns.start();
  dns.a(NAME, [ADDRESS], 10);
  const task = await startTask();
  const { port } = task.address() as AddressInfo;
  const url = `http://${NAME}:${port}/`;
  const clients = clientsOf({ server: dns.server, tasks: [], proxies: [] });
  const added = new Map<string, number[]>();
  try {
    for (let round = 0; round < rounds; round += 1) {
      const [plain = NaN, ...others] = await medians(
        [...CLIENTS, PLAIN].map((name) => made(clients, name)),
        url,
      );
      const names = [...CLIENTS.slice(1), `${PLAIN}, again`];
      names.forEach((name, index) => {
        const figures = added.get(name) ?? [];
        added.set(name, [...figures, 1000 * ((others[index] ?? NaN) - plain)]);
      });
    }
  } finally {
    task.close();
    await dns.stop();
  }
  return added;
}

/** In milliseconds, of each dispatcher. Which one is next is left to chance, so that none has always the same one before it. */
async function medians(dispatchers: readonly Dispatcher[], url: string): Promise<number[]> {
  const turns = dispatchers.map((dispatcher) => ({ dispatcher, times: [] as number[] }));
  for (let count = 0; count < (WARM_UP + REQUESTS) * turns.length; count += 1) {
    const turn = turns[Math.floor(Math.random() * turns.length)];
    if (!turn) throw new Error("There are no dispatchers.");
    const begun = performance.now();
    await get(turn.dispatcher, url);
    if (count >= WARM_UP * turns.length) turn.times.push(performance.now() - begun);
  }
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
  return turns.map(({ times }) => spread(times).median);
}

function made(clients: ReadonlyMap<string, () => Dispatcher>, name: string): Dispatcher {
  const create = clients.get(name);
  if (!create) throw new Error(`There is no client ${name}.`);
  return create();
}

async function startTask(): Promise<Server> {
  const server = createServer((_, response) => response.end("task"));
  server.listen(0, ADDRESS);
  await once(server, "listening");
  return server;
}
