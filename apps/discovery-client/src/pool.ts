import { Pool, type Dispatcher } from "undici";
import { connectorTo } from "./connector.js";
import type { Settings } from "./settings.js";

/** Connections to one address. */
export type Connections = Pick<Dispatcher, "dispatch" | "close" | "destroy">;

/** Makes the connections of one origin to an address. */
export type Connect = (address: string, port: number) => Connections;

/** @param origin what the Host header, TLS and the path of a request refer to, whatever the address */
export function poolsOf(origin: string, settings: Settings): Connect {
  const { connectTimeoutMs, headersTimeoutMs, allowH2, tls } = settings;
  return (address, port) =>
    new Pool(origin, {
      connect: connectorTo(address, port, connectTimeoutMs, { ...tls, allowH2 }),
      headersTimeout: headersTimeoutMs,
      allowH2,
    });
}
