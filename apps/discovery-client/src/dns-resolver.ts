import { promises as dns } from "node:dns";
import type { SrvRecord } from "node:dns";
import type { Endpoint } from "./endpoint.js";

export type RecordType = "A" | "AAAA" | "SRV";

export interface DnsSettings {
  readonly record: RecordType;
  readonly servers: readonly string[] | undefined;
  readonly timeoutMs: number;
  readonly tries: number;
}

/**
 * Asks DNS through c-ares. `dns.lookup()`, which `fetch` uses, tells no TTL, occupies a thread for each question, and
 * sorts addresses of the caller's own subnet to the front, where they get all the requests.
 *
 * One A query per name; AAAA is only asked for where DNS answers that there is no A record, that is for a name of tasks in
 * IPv6-only subnets. An SRV record costs as much more for each of its targets; priority and weight are ignored, since
 * Cloud Map sets both to 1.
 */
export class DnsResolver {
  readonly #dns: dns.Resolver;
  readonly #record: RecordType;

  constructor(settings: DnsSettings) {
    this.#record = settings.record;
    this.#dns = new dns.Resolver({ timeout: settings.timeoutMs, tries: settings.tries });
    if (settings.servers !== undefined) this.#dns.setServers(settings.servers);
  }

  resolve(hostname: string): Promise<readonly Endpoint[]> {
    switch (this.#record) {
      case "A":
        return this.#resolveAddress(hostname);
      case "AAAA":
        return this.#resolveAaaa(hostname);
      case "SRV":
        return this.#resolveSrv(hostname);
    }
  }

  /** Ends the queries under way: they fail with `ECANCELLED`. */
  cancel(): void {
    this.#dns.cancel();
  }

  async #resolveA(hostname: string): Promise<Endpoint[]> {
    const records = await this.#dns.resolve4(hostname, { ttl: true });
    return records.map(({ address, ttl }) => ({ address, ttlMs: ttl * 1000 }));
  }

  async #resolveAaaa(hostname: string): Promise<Endpoint[]> {
    const records = await this.#dns.resolve6(hostname, { ttl: true });
    return records.map(({ address, ttl }) => ({ address, ttlMs: ttl * 1000 }));
  }

  /** `ENODATA`: the name is there, with other records. */
  #resolveAddress(hostname: string): Promise<Endpoint[]> {
    return this.#resolveA(hostname).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENODATA") return this.#resolveAaaa(hostname);
      throw error;
    });
  }

  async #resolveSrv(hostname: string): Promise<Endpoint[]> {
    const services = await this.#dns.resolveSrv(hostname);
    const targets = await Promise.allSettled(
      services.map((service) => this.#resolveTarget(hostname, service)),
    );
    const endpoints = targets.flatMap((target) => (target.status === "fulfilled" ? target.value : []));
    const failed = targets.find((target) => target.status === "rejected");
    if (endpoints.length === 0 && failed !== undefined) throw failed.reason;
    return endpoints;
  }

  /** Node does not tell the TTL of an SRV record; the one of the target's address stands for both. */
  async #resolveTarget(hostname: string, { name, port }: SrvRecord): Promise<Endpoint[]> {
    if (port === 0)
      throw new Error(`The SRV record of ${hostname} gives port 0 for ${name}: no port at all.`);
    return (await this.#resolveAddress(name)).map((endpoint) => ({ ...endpoint, port }));
  }
}
