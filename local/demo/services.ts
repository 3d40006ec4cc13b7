import { readFileSync } from "node:fs";
import { join } from "node:path";
import { heading, say } from "../console";
import type { LocalPlatform } from "../platform/platform";
import { ask, type Reply } from "./ask";
import { taskTable } from "./task-table";

export const CLUSTER = "trading-platform";
export const STOCK = "stock-service";
const STOCK_HOST = "stock-service.trading-platform.local";
const SIGNAL_HOST = "signal-processing-service.trading-platform.local";
const TICKER_URL = new URL(`http://${STOCK_HOST}/api/v1/data/TICKER_1`);
const SAMPLE = join(__dirname, "..", "..", "apps", "stock-service", "data", "sample.csv");
const WIDTH = 100;

/** The signal that the demo asks for, and its load too. */
export const SIGNAL_URL = new URL(
  `http://${SIGNAL_HOST}/api/v1/signals/TICKER_1?indicator=macd&only=signals`,
);

/** Waits until the tasks that the ECS services want are healthy and can be found. */
export async function tasksAreThere(platform: LocalPlatform): Promise<void> {
  heading("Start the tasks that ECS wants");
  const { services } = await platform.settled();
  say(taskTable(services));
  say();
  for (const note of platform.notes) say(`  ${note}`);
}

/** The answers of the article: addresses, and addresses with ports. */
export async function digBoth(platform: LocalPlatform): Promise<void> {
  heading("Ask DNS");
  await showDig(platform, STOCK_HOST, "A");
  await showDig(platform, STOCK_HOST, "SRV");
}

/** Stores a year of quotes and reads some of them. */
export async function storeAndRead(platform: LocalPlatform): Promise<void> {
  heading("Store and read TICKER_1");
  const quotes = sampleQuotes("TICKER_1");
  showReply("PUT", TICKER_URL, await succeed(platform, "PUT", TICKER_URL, { quotes }));
  const page = new URL("?limit=2", TICKER_URL);
  const reply = await succeed(platform, "GET", page);
  showReply("GET", page, reply);
  const { quotes: read } = JSON.parse(reply.body) as { quotes: { close: number }[] };
  if (read[0]?.close !== quotes[0]?.close)
    throw new Error(`stock-service answers other quotes: ${reply.body}`);
}

/** Asks for signals, which are computed from the quotes of the other service. */
export async function signalFromStock(platform: LocalPlatform): Promise<void> {
  heading("Ask for signals, computed from the quotes of stock-service");
  const reply = await succeed(platform, "GET", SIGNAL_URL);
  showReply("GET", SIGNAL_URL, reply);
  const { counts } = JSON.parse(reply.body) as { counts: { quotes: number; buy: number; sell: number } };
  if (counts.quotes !== sampleQuotes("TICKER_1").length || counts.buy + counts.sell === 0)
    throw new Error(`the signals are not those of the quotes: ${JSON.stringify(counts)}`);
  say(`  from ${counts.quotes} quotes: ${counts.buy} times buy, ${counts.sell} times sell`);
}

/** Scales stock-service as an operator would, and asks DNS again. */
export async function scaleOut(platform: LocalPlatform, desiredCount: number): Promise<void> {
  heading(`Scale stock-service to ${desiredCount}`);
  await scale(platform, desiredCount);
  await showDig(platform, STOCK_HOST, "A", desiredCount);
}

/** `UpdateService`; returns when DNS and ECS agree. */
export async function scale(platform: LocalPlatform, desiredCount: number): Promise<void> {
  say(`  $ aws ecs update-service --cluster ${CLUSTER} --service ${STOCK} --desired-count ${desiredCount}`);
  await platform.ecs.call("UpdateService", { cluster: CLUSTER, service: STOCK, desiredCount });
  await platform.until("the desired count is known", () =>
    platform.services().some((service) => service.service === STOCK && service.desiredCount === desiredCount),
  );
  await platform.settled(`${STOCK} has ${desiredCount} tasks that can be found`);
}

/** Shows what `dig` does. @throws Error where there are not so many answers */
export async function showDig(
  platform: LocalPlatform,
  name: string,
  type: "A" | "SRV",
  answers = 1,
): Promise<void> {
  const { address, port } = platform.dns;
  const { status, lines } = await platform.until(`${name} has ${answers} ${type} records`, async () => {
    const answer = await platform.dig(name, type);
    return answer.lines.length === answers && answer;
  });
  say(`  $ dig @${address}${port === 53 ? "" : ` -p ${port}`} +noall +answer ${name} ${type}`);
  for (const line of lines) say(`  ${line}`);
  if (status !== "NOERROR") throw new Error(`${name} is ${status}`);
}

async function succeed(
  platform: LocalPlatform,
  method: "GET" | "PUT",
  url: URL,
  body?: unknown,
): Promise<Reply> {
  const reply = await ask(platform, method, url, body);
  if (reply.status >= 300) throw new Error(`${method} ${url.href} answered ${reply.status}: ${reply.body}`);
  return reply;
}

function showReply(method: string, url: URL, { status, address, body }: Reply): void {
  say(`  ${method} ${url.href}`);
  const cut = body.length > WIDTH ? `${body.slice(0, WIDTH)}...` : body;
  say(`  ${status} from ${address}: ${cut.replaceAll("\n", "")}`);
}

interface Quote {
  readonly timestamp: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

function sampleQuotes(ticker: string): Quote[] {
  const lines = readFileSync(SAMPLE, "utf8").trimEnd().split("\n");
  return lines.flatMap((line) => {
    const [of, timestamp = "", ...numbers] = line.split(",");
    if (of !== ticker) return [];
    const [open, high, low, close, volume] = numbers.map(Number) as [number, number, number, number, number];
    return [{ timestamp, open, high, low, close, volume }];
  });
}
