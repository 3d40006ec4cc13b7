import type { Dispatcher } from "undici";
import type { ScriptedDns } from "../../apps/discovery-client/__tests__/support/scripted-dns.js";
import { get, quantile, type Figures } from "./figures.js";

/** So many requests, from so many callers at once. */
interface Load {
  readonly callers: number;
  readonly requests: number;
}

const WARM_UP: Load = { callers: 20, requests: 3000 };
const LOADS: readonly Load[] = [
  { callers: 1, requests: 300 },
  { callers: 20, requests: 1500 },
];
/** How often the clients take turns. */
const TURNS = 10;

class Measured {
  private seconds = 0;
  private readonly times: number[] = [];
  private readonly tasks = new Map<string, number>();

  /** Sends the requests of one turn. */
  public async send(dispatcher: Dispatcher, url: string, { callers, requests }: Load): Promise<void> {
    let left = requests;
    const call = async (): Promise<void> => {
      while (left-- > 0) {
        const begun = performance.now();
        const task = await get(dispatcher, url);
        this.times.push(performance.now() - begun);
        this.tasks.set(task, (this.tasks.get(task) ?? 0) + 1);
      }
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: callers }, call));
    this.seconds += (performance.now() - begun) / 1000;
  }

  /** The balance is the requests to the busiest task over those to the idlest. */
  public figures(of: string, tasks: readonly string[]): Figures {
    const times = this.times.sort((a, b) => a - b);
    const counts = tasks.map((task) => this.tasks.get(task) ?? 0);
    return {
      [`${of}: requests/s`]: times.length / this.seconds,
      [`${of}: p50 ms`]: quantile(times, 0.5),
      [`${of}: p99 ms`]: quantile(times, 0.99),
      [`${of}: max/min per task`]: Math.max(...counts) / Math.min(...counts),
    };
  }
}

/** All tasks are well. The clients take turns that are short, so that whatever else the machine does falls on all of them. */
export async function steady(
  clients: ReadonlyMap<string, () => Dispatcher>,
  url: string,
  tasks: readonly string[],
  dns: ScriptedDns,
): Promise<ReadonlyMap<string, Figures>> {
  const all = [...clients].map(([name, create]) => ({
    name,
    dispatcher: create(),
    queries: 0,
    loads: LOADS.map((load) => ({ load, measured: new Measured() })),
  }));
  for (const { dispatcher } of all) await new Measured().send(dispatcher, url, WARM_UP);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const client of all) {
      dns.queries.length = 0;
      for (const { load, measured } of client.loads) await measured.send(client.dispatcher, url, load);
      client.queries += dns.queries.length;
    }
  }
  await Promise.all(all.map(({ dispatcher }) => dispatcher.destroy()));
  return new Map(
    all.map(({ name, loads, queries }) => {
      const figures = loads.map(({ load: { callers }, measured }) =>
        measured.figures(callers === 1 ? "1 caller" : `${callers} callers`, tasks),
      );
      return [name, Object.assign({}, ...figures, { "DNS queries": queries }) as Figures];
    }),
  );
}
