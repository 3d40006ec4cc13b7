import { request, type Dispatcher } from "undici";

/** What was measured of a client in one round, by name. */
export type Figures = Record<string, number>;

/** A task answers with its address. */
export async function get(dispatcher: Dispatcher, url: string): Promise<string> {
  return (await request(url, { dispatcher })).body.text();
}

/** Of times that are sorted, for example 0.99 of them. */
export function quantile(times: readonly number[], part: number): number {
  return times[Math.floor(times.length * part)] ?? NaN;
}
