import { setTimeout as sleep } from "node:timers/promises";
import type { Quote } from "../src/quotes.js";
import { cleanUp, minutes, quote, send, startService, stored, temporaryFile } from "./support.js";

jest.setTimeout(60_000);
afterEach(cleanUp);

interface Row {
  ticker: string;
  timestamp: number;
  volume: number;
}

const rows = (path: string): Row[] => stored(path) as Row[];
const minuteOf = (index: number): string => new Date(Date.UTC(2025, 0, 1) + index * 60_000).toISOString();

it("loses nothing that was acknowledged, and keeps no half of a batch, when it is killed while it writes", async () => {
  const path = temporaryFile();
  const batch = 100;
  /** Tickers of batches that were sent, and whether they were acknowledged. */
  const sent = new Map<string, boolean>();
  const rounds = 3;
  for (let round = 0; round < rounds; round++) {
    const { service, url } = await startService({ DATABASE_PATH: path });
    let isAlive = true;
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let number = 0; isAlive; number++) {
        const ticker = `R${round}W${writer}N${number}`;
        sent.set(ticker, false);
        const status = await send("POST", `${url}/api/v1/data/${ticker}`, minutes(batch)).catch(
          () => undefined,
        );
        if (status === undefined) return;
        expect(status).toBe(201);
        sent.set(ticker, true);
      }
    });
    await sleep(250 + round * 130);
    service.process.kill("SIGKILL");
    isAlive = false;
    await service.finished;
    await Promise.all(writers);
  }
  const acknowledged = [...sent].filter(([, isAcknowledged]) => isAcknowledged).map(([ticker]) => ticker);
  expect(acknowledged.length).toBeGreaterThan(rounds);
  const counts = new Map<string, number>();
  for (const { ticker } of rows(path)) counts.set(ticker, (counts.get(ticker) ?? 0) + 1);
  expect([...counts.keys()]).toEqual(expect.arrayContaining(acknowledged));
  expect(new Set(counts.values())).toEqual(new Set([batch]));
});

it("lets two processes work on one file: no update is lost, each quote is added once, nobody sees a lock", async () => {
  const path = temporaryFile();
  // both start at once on a file that is not there yet: one makes the schema
  const services = await Promise.all([1, 2].map(() => startService({ DATABASE_PATH: path })));
  const urls = services.map(({ url }) => `${url}/api/v1/data`);
  const each = <Result>(work: (url: string, process: number) => Promise<Result>): Promise<Result[]> =>
    Promise.all(urls.map(work));

  const numbers = Array.from({ length: 25 }, (_, index) => index);
  // the same quotes through both: of every pair one is the first
  const pairs = await Promise.all(
    numbers.map((index) => each((url) => send("POST", `${url}/SAME`, [quote(minuteOf(index))]))),
  );
  expect(pairs.map((pair) => pair.sort())).toEqual(numbers.map(() => [201, 409]));
  // different quotes of one ticker through both, with reads between them
  const statuses = await each((url, process) =>
    Promise.all(
      numbers.flatMap((index) => [
        send("PUT", `${url}/BOTH`, [quote(minuteOf(2 * index + process), { volume: process })]),
        fetch(`${url}/SAME`).then(({ status }) => status),
      ]),
    ),
  );
  expect(statuses.flat().filter((status) => ![200, 201].includes(status))).toEqual([]);

  const pages = await each(
    async (url) => (await fetch(`${url}/BOTH`)).json() as Promise<{ quotes: Quote[] }>,
  );
  expect(pages[0]).toEqual(pages[1]);
  expect(pages[0]?.quotes.map(({ volume }) => volume)).toEqual(numbers.flatMap(() => [0, 1]));
  for (const { service } of services) service.process.kill("SIGTERM");
  for (const { service } of services) expect(await service.finished).toMatchObject({ code: 0, stderr: "" });
  expect(rows(path)).toHaveLength(75);
});
