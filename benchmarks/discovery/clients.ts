import { promises as dns } from "node:dns";
import { callbackify } from "node:util";
import { Agent, BalancedPool, interceptors, type Dispatcher } from "undici";
import { createDiscoveryDispatcher } from "../../apps/discovery-client/src/index.js";
import type { Proxy } from "./proxies.js";

/** What a frozen task costs is bounded by this; who has no such limit waits for undici's 300 s. */
const HEADERS_TIMEOUT_MS = 1000;

type Found = { address: string; family: 4; ttl: number }[];
type LookUp = (hostname: string, done: (error: NodeJS.ErrnoException | null, found: Found) => void) => void;

/** Every client asks the same DNS server, through c-ares; `getaddrinfo` cannot be told which server to ask. */
function lookUpAt(server: string): LookUp {
  const resolver = new dns.Resolver({ timeout: 1000, tries: 2 });
  resolver.setServers([server]);
  return callbackify(async (hostname: string): Promise<Found> => {
    const records = await resolver.resolve4(hostname, { ttl: true });
    return records.map(({ address, ttl }) => ({ address, family: 4, ttl: ttl * 1000 }));
  });
}

/** What fetch does by itself: a look-up for each new connection, and every address is tried until one connects. */
function plain(server: string): Dispatcher {
  const lookUp = lookUpAt(server);
  return new Agent({ connect: { lookup: (hostname, _options, done) => lookUp(hostname, done) } });
}

function withDns(server: string, agent: Agent): Dispatcher {
  const lookUp = lookUpAt(server);
  const lookup: interceptors.DNSInterceptorOpts["lookup"] = ({ hostname }, _, done) => lookUp(hostname, done);
  return agent.compose(interceptors.dns({ dualStack: false, maxTTL: 5000, lookup }));
}

function withTimeouts(server: string): Dispatcher {
  const agent = new Agent({ headersTimeout: HEADERS_TIMEOUT_MS, connect: { timeout: 500 } });
  const errorCodes = ["ECONNRESET", "ECONNREFUSED", "EPIPE", "UND_ERR_SOCKET"];
  errorCodes.push("UND_ERR_HEADERS_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT");
  return withDns(server, agent).compose(interceptors.retry({ maxRetries: 2, minTimeout: 1, errorCodes }));
}

function ours(server: string): Dispatcher {
  return createDiscoveryDispatcher({ dns: { servers: [server] }, headersTimeoutMs: HEADERS_TIMEOUT_MS });
}

function withRetry(server: string): Dispatcher {
  return withDns(server, new Agent()).compose(interceptors.retry({ maxRetries: 2, minTimeout: 1 }));
}

/** The addresses are known beforehand, and stay. */
function staticPool(tasks: readonly string[]): Dispatcher {
  return new BalancedPool(tasks.map((task) => `http://${task}`));
}

function through({ origin }: Proxy): Dispatcher {
  return new Agent().compose((dispatch) => (options, handler) => dispatch({ ...options, origin }, handler));
}

/** What a client is made with. */
export interface Setting {
  /** Of the DNS server to ask, `address:port`. */
  readonly server: string;
  /** Each `address:port`. */
  readonly tasks: readonly string[];
  readonly proxies: readonly Proxy[];
}

/** All that are compared, by name. */
export function clientsOf({ server, tasks, proxies }: Setting): ReadonlyMap<string, () => Dispatcher> {
  return new Map<string, () => Dispatcher>([
    ["undici, look-up per connection", () => plain(server)],
    ["undici dns", () => withDns(server, new Agent())],
    ["dns + retry", () => withRetry(server)],
    ["dns + retry, our timeouts", () => withTimeouts(server)],
    ["static pool", () => staticPool(tasks)],
    ...proxies.map((proxy): [string, () => Dispatcher] => [`through ${proxy.name}`, () => through(proxy)]),
    ["ecs-discovery-client", () => ours(server)],
  ]);
}
