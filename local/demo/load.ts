import { Agent } from "node:http";
import { send } from "./request";

export interface LoadOptions {
  readonly url: URL;
  /** The task that the requests go to. */
  readonly address: string;
  /** Requests at once. */
  readonly workers: number;
  /** Between an answer and the next request of a worker, in milliseconds. */
  readonly pauseMs: number;
}

interface LoadCounts {
  readonly sent: number;
  /** Those that got no answer, or one with another status than 200. */
  readonly failed: number;
}

const EXAMPLES = 5;

/** Requests one after the other, several at once, until it is stopped. */
export class Load {
  private readonly agent: Agent;
  private readonly workers: readonly Promise<void>[];
  private readonly examples: string[] = [];
  private sent = 0;
  private failed = 0;
  private stopped = false;

  public constructor(private readonly options: LoadOptions) {
    this.agent = new Agent({ keepAlive: true, maxSockets: options.workers });
    this.workers = Array.from({ length: options.workers }, () => this.work());
  }

  public get counts(): LoadCounts {
    return { sent: this.sent, failed: this.failed };
  }

  /** Why the first of them failed. */
  public get failures(): readonly string[] {
    return this.examples;
  }

  /** Resolves when the requests that are under way are answered. */
  public async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers);
    this.agent.destroy();
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      const problem = await this.ask();
      this.sent++;
      if (problem !== undefined) {
        this.failed++;
        if (this.examples.length < EXAMPLES) this.examples.push(problem);
      }
      await new Promise((resolve) => setTimeout(resolve, this.options.pauseMs));
    }
  }

  /** What is wrong with the answer. */
  private async ask(): Promise<string | undefined> {
    const { url, address } = this.options;
    try {
      const { status } = await send({ url, address, agent: this.agent });
      return status === 200 ? undefined : `status ${status}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
