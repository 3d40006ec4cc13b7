import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import type { Quote } from "../src/quotes.js";
import { cleanUp, json, minutes, quote, temporaryApp, TICKER } from "./support.js";

afterEach(cleanUp);

interface Page {
  quotes: Quote[];
  tickers: { ticker: string }[];
  nextCursor: string | null;
}

/** All pages of an address; something may be done after each. */
async function pages(
  app: FastifyInstance,
  address: string,
  afterEachPage: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<Page[]> {
  const all: Page[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: Page = json<Page>(await app.inject(`${address}${cursor && `&cursor=${cursor}`}`));
    all.push(page);
    if (all.length > 500) throw new Error("the pages do not end");
    await afterEachPage(page);
    cursor = page.nextCursor;
  }
  return all;
}

const post = (app: FastifyInstance, quotes: Quote[], url = TICKER): Promise<unknown> =>
  app.inject({ method: "POST", url, payload: { quotes } });

const minute = (index: number): string => new Date(Date.UTC(2025, 0, 1) + index * 60_000).toISOString();

it.each([
  [1, 3],
  [4, 12],
  [5, 12],
  [12, 12],
  [13, 12],
])("cuts pages of at most %i of %i quotes, the last without a cursor", async (limit, count) => {
  const { app } = await temporaryApp();
  await post(app, minutes(count));
  const all = await pages(app, `${TICKER}?limit=${limit}`);
  expect(all.map(({ quotes }) => quotes.length)).toEqual(
    Array.from({ length: Math.ceil(count / limit) }, (_, index) => Math.min(limit, count - index * limit)),
  );
  expect(all.flatMap(({ quotes }) => quotes).map(({ timestamp }) => Date.parse(timestamp))).toEqual(
    minutes(count).map(({ timestamp }) => Date.parse(timestamp)),
  );
});

it("has pages of 100 unless told otherwise", async () => {
  const { app } = await temporaryApp();
  await post(app, minutes(101));
  const page = json<Page>(await app.inject(TICKER));
  expect([page.quotes.length, typeof page.nextCursor]).toEqual([100, "string"]);
});

it("keeps to the range on every page", async () => {
  const { app } = await temporaryApp();
  await post(app, minutes(30));
  const all = await pages(app, `${TICKER}?limit=4&from=${minute(5)}&to=${minute(20)}`);
  expect(all.flatMap(({ quotes }) => quotes)).toHaveLength(16);
});

it("visits every quote once while quotes are added and removed before, between and after", async () => {
  const { app } = await temporaryApp();
  // even minutes stay; odd ones come and go meanwhile
  const staying = minutes(120).filter((_, index) => index % 2 === 0);
  await post(app, staying);
  let odd = 1;
  const all = await pages(app, `${TICKER}?limit=7`, async () => {
    await post(
      app,
      [odd, 120 - odd, 240 + odd].map((index) => quote(minute(index))),
    );
    if (odd > 3)
      await app.inject({ method: "DELETE", url: `${TICKER}?from=${minute(odd - 2)}&to=${minute(odd - 2)}` });
    odd += 2;
  });
  const seen = all.flatMap(({ quotes }) => quotes.map(({ timestamp }) => Date.parse(timestamp)));
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen).toEqual(expect.arrayContaining(staying.map(({ timestamp }) => Date.parse(timestamp))));
});

it("pages through the tickers, also while others are added", async () => {
  const { app } = await temporaryApp();
  const names = Array.from({ length: 23 }, (_, index) => `T${String(index).padStart(2, "0")}`);
  for (const name of names) await post(app, minutes(2), `/api/v1/data/${name}`);
  let extra = 0;
  const all = await pages(app, "/api/v1/data?limit=5", () =>
    post(app, minutes(1), `/api/v1/data/A${extra++}`),
  );
  expect(all.flatMap(({ tickers }) => tickers.map(({ ticker }) => ticker))).toEqual(names);
});

it("lists nothing where there is nothing", async () => {
  const { app } = await temporaryApp();
  expect((await app.inject("/api/v1/data")).json()).toEqual({ tickers: [], nextCursor: null });
});

it("gives out the very numbers that were put in, for any quotes and any page size", async () => {
  const { app } = await temporaryApp();
  const price = fc.double({ min: 1e-9, max: 1e12, noNaN: true });
  const quotes = fc.uniqueArray(
    fc
      .record({
        timestamp: fc
          .date({ min: new Date("1800-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
          .map((date) => date.toISOString()),
        prices: fc.tuple(price, price, price, price),
        volume: fc.maxSafeNat(),
      })
      .map(({ timestamp, prices, volume }) => {
        const [low, open, close, high] = prices.sort((a, b) => a - b);
        return { timestamp, open, high, low, close, volume };
      }),
    { minLength: 1, maxLength: 20, selector: ({ timestamp }) => timestamp },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(quotes, fc.integer({ min: 1, max: 25 }), async (given, limit) => {
      const url = `/api/v1/data/RUN${run++}`;
      await post(app, given, url);
      const read = (await pages(app, `${url}?limit=${limit}`)).flatMap((page) => page.quotes);
      const sorted = [...given].sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
      expect(read).toEqual(
        sorted.map((each) => ({ ...each, timestamp: each.timestamp.replace(".000Z", "Z") })),
      );
    }),
    { numRuns: 40 },
  );
});
