import type { LocalPlatform } from "../platform/platform";
import { send } from "./request";

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Of the task that answered. */
  readonly address: string;
}

/** Sends a request to a URL whose host is a name of Cloud Map. @throws Error where there is no such name, or no answer */
export async function ask(
  platform: LocalPlatform,
  method: "GET" | "PUT",
  url: URL,
  body?: unknown,
): Promise<Reply> {
  const address = await addressOf(platform, url.hostname);
  return { ...(await send({ method, url, address, body })), address };
}

/** One of the addresses that DNS answers. */
export async function addressOf(platform: LocalPlatform, name: string): Promise<string> {
  const { status, lines } = await platform.dig(name, "A");
  const address = lines[0]?.split(/\s/).at(-1);
  if (address === undefined) throw new Error(`DNS has no address of ${name}: ${status}`);
  return address;
}
