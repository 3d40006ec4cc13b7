import { request } from "undici";
import type { DiscoveryDispatcher } from "../../src/index.js";
import { failures, meanwhile } from "./stage.js";

export interface LoadReport {
  readonly requests: number;
  /** Why GETs failed. */
  readonly failedGets: readonly string[];
  /** Why POSTs failed, which may happen to those that a dying task had already. */
  readonly failedPosts: readonly string[];
  /** Of any request, in milliseconds. */
  readonly slowestMs: number;
  /** The ids that POSTs carried. */
  readonly posted: readonly string[];
}

/** Twenty callers, four of whom POST, until `isOver`. Each request carries an id of its own. */
export async function load(
  dispatcher: DiscoveryDispatcher,
  url: string,
  isOver: () => boolean,
): Promise<LoadReport> {
  let count = 0;
  let slowestMs = 0;
  const posted: string[] = [];
  const send = async (method: "GET" | "POST", id: string): Promise<void> => {
    const begun = performance.now();
    try {
      const { statusCode, body } = await request(url, {
        dispatcher,
        method,
        headers: { "x-id": id },
        body: method === "POST" ? "{}" : null,
      });
      await body.dump();
      if (statusCode !== 200) throw new Error(`Status ${statusCode}`);
    } finally {
      slowestMs = Math.max(slowestMs, performance.now() - begun);
    }
  };
  const [gets, posts] = await Promise.all([
    meanwhile(16, isOver, () => send("GET", `get ${++count}`)),
    meanwhile(4, isOver, () => {
      const id = `post ${++count}`;
      posted.push(id);
      return send("POST", id);
    }),
  ]);
  return { requests: count, failedGets: failures(gets), failedPosts: failures(posts), slowestMs, posted };
}

/** Those that are there more than once. */
export function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
