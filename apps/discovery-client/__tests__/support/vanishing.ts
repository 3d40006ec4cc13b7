// Runs as a process in a network namespace of its own; see loss.test.ts. Prints what it saw as JSON.
import { setTimeout as delay } from "node:timers/promises";
import { load, repeated } from "./load.js";
import { addAddresses, NETWORK, vanish } from "./namespace.js";
import { NAME, Stage, until } from "./stage.js";

const ADDRESSES = [`${NETWORK}.11`, `${NETWORK}.12`, `${NETWORK}.13`] as const;

async function main(): Promise<void> {
  addAddresses(...ADDRESSES);
  const stage = await Stage.set();
  try {
    const tasks = await stage.localTasks(...ADDRESSES);
    const delivered: string[] = [];
    for (const task of tasks) {
      task.answer = (incoming, response) => {
        if (incoming.method === "POST") delivered.push(String(incoming.headers["x-id"]));
        incoming.resume();
        response.end();
      };
    }
    const dispatcher = stage.dispatcher({ connectTimeoutMs: 500, headersTimeoutMs: 800 });
    let over = false;
    const running = load(dispatcher, `http://${NAME}:${tasks[0].port}/`, () => over);
    await until(() => tasks.every((task) => task.hits > 20), 20_000);
    vanish(ADDRESSES[1]);
    await until(() => stage.eventsOf("eject").length > 0, 20_000);
    await delay(1500);
    over = true;
    const report = await running;
    const ejected = stage.eventsOf("eject").map(({ address, reason }) => `${address} ${reason}`);
    console.log(JSON.stringify({ ...report, repeated: repeated(delivered), ejected }));
  } finally {
    await stage.strike();
  }
}

void main();
