import { Pool, type Dispatcher } from "undici";
import { connectorTo } from "./connector.js";
import type { EndpointState } from "./endpoint.js";
import { Health } from "./health.js";
import type { Settings } from "./settings.js";

/** One address of a service: its connections, and what is known of it. */
export class Backend {
  readonly health: Health;
  /** Requests whose response is not complete. */
  inflight = 0;
  #pool: Pool | undefined;
  readonly #retired = new Set<Pool>();

  constructor(
    readonly origin: string,
    readonly address: string,
    readonly port: number,
    private readonly settings: Settings,
  ) {
    this.health = new Health(settings.eject);
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const { connectTimeoutMs, headersTimeoutMs, tls } = this.settings;
    this.#pool ??= new Pool(this.origin, {
      connect: connectorTo(this.address, this.port, connectTimeoutMs, tls),
      headersTimeout: headersTimeoutMs,
    });
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
      inflight: this.inflight,
      ejectedUntil: ejectedUntil === null ? null : Math.round(performance.timeOrigin + ejectedUntil),
      consecutiveFailures,
    };
  }
}
