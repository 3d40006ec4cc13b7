import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";

/** A server-sent event, its data read as JSON. */
export interface SentEvent {
  readonly type: string;
  readonly data: unknown;
}

/** Reads server-sent events as a browser does. */
export class EventReader {
  public static async open(url: string): Promise<EventReader> {
    const sent = request(new URL("events", url));
    sent.end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return new EventReader(sent, response);
  }

  /** All that have come. */
  public readonly events: SentEvent[] = [];
  public readonly ended: Promise<void>;
  public text = "";
  private wake: () => void = () => undefined;

  private constructor(
    private readonly sent: ClientRequest,
    public readonly response: IncomingMessage,
  ) {
    response.setEncoding("utf8");
    let rest = "";
    response.on("data", (chunk: string) => {
      this.text += chunk;
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() ?? "";
      this.events.push(...blocks.flatMap(read));
      this.wake();
    });
    response.on("error", () => undefined);
    sent.on("error", () => undefined);
    this.ended = new Promise((resolve) => response.once("close", () => resolve()));
  }

  /** Waits until so many have come. */
  public async first(count: number): Promise<readonly SentEvent[]> {
    while (this.events.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.events;
  }

  public async close(): Promise<void> {
    this.sent.destroy();
    await this.ended;
  }
}

function read(block: string): SentEvent[] {
  const type = /^event: ([^\n]*)$/m.exec(block)?.[1];
  const data = /^data: ([^\n]*)$/m.exec(block)?.[1];
  return type === undefined || data === undefined ? [] : [{ type, data: JSON.parse(data) as unknown }];
}
