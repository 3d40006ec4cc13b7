import type { Dispatcher } from "undici";
import type { EndpointState } from "./endpoint.js";
import { Health, type EjectPolicy } from "./health.js";
import type { Connect, Connections } from "./pool.js";
import type { Candidate } from "./rotation.js";
import { Traffic } from "./traffic.js";

/** One address of a service: its connections, and what is known of it. */
export class Backend implements Candidate {
  readonly health: Health;
  readonly traffic = new Traffic();
  round = 0;
  #pool: Connections | undefined;
  readonly #retired = new Set<Connections>();

  constructor(
    readonly address: string,
    readonly port: number,
    policy: EjectPolicy,
    private readonly connect: Connect,
  ) {
    this.health = new Health(policy);
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#pool ??= this.connect(this.address, this.port);
    this.#pool.dispatch(options, handler);
  }

  /**
   * Closes idle connections now and the others once their response is complete: a later request starts with new ones.
   * Nothing under way is cut off, since an address that fails some requests may well complete others.
   */
  retire(): void {
    const pool = this.#pool;
    if (pool === undefined) return;
    this.#pool = undefined;
    this.#retired.add(pool);
    void pool.close().finally(() => this.#retired.delete(pool));
  }

  async close(): Promise<void> {
    this.retire();
    await Promise.all([...this.#retired].map((pool) => pool.close()));
  }

  async destroy(error: Error): Promise<void> {
    const pools = [...this.#retired, ...(this.#pool === undefined ? [] : [this.#pool])];
    await Promise.all(pools.map((pool) => pool.destroy(error)));
  }

  get state(): EndpointState {
    const { consecutiveFailures, ejectedUntil } = this.health;
    return {
      address: this.address,
      port: this.port,
      inflight: this.traffic.inflight,
      streams: this.traffic.streams,
      ejectedUntil: ejectedUntil === null ? null : Math.round(performance.timeOrigin + ejectedUntil),
      consecutiveFailures,
    };
  }
}
