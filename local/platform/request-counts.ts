import type { TaskLog } from "../tasks";

/** The requests that a task answered. */
export interface RequestCount {
  readonly total: number;
  /** Answered with a status of 500 or above. */
  readonly failed: number;
  /** In the last ten seconds, per second. */
  readonly perSecond: number;
}

const WINDOW_SECONDS = 10;

/**
 * Counts requests by the tasks' own logs: lines of JSON with `res.statusCode` and `responseTime`, as pino writes them for
 * Fastify and pino-http. A service that logs in another way has no counts.
 */
export class RequestCounts {
  private readonly tasks = new Map<string, TaskCount>();

  public take({ taskId, line, at }: Pick<TaskLog, "taskId" | "line" | "at">): void {
    const status = statusOf(line);
    if (status === undefined) return;
    let count = this.tasks.get(taskId);
    if (!count) this.tasks.set(taskId, (count = new TaskCount()));
    count.add(status, second(at));
  }

  /** Undefined where its log says nothing of requests. */
  public of(taskId: string, now = new Date()): RequestCount | undefined {
    return this.tasks.get(taskId)?.at(second(now));
  }

  /** Forgets all tasks but these. */
  public keep(taskIds: ReadonlySet<string>): void {
    for (const taskId of this.tasks.keys()) if (!taskIds.has(taskId)) this.tasks.delete(taskId);
  }
}

class TaskCount {
  private total = 0;
  private failed = 0;
  /** Requests of the last seconds; the second is what is left of dividing by their number. */
  private readonly recent = Array.from({ length: WINDOW_SECONDS + 1 }, () => ({ second: 0, count: 0 }));

  public add(status: number, at: number): void {
    this.total++;
    if (status >= 500) this.failed++;
    const slot = this.recent[at % this.recent.length];
    if (!slot) return;
    if (slot.second !== at) [slot.second, slot.count] = [at, 0];
    slot.count++;
  }

  public at(now: number): RequestCount {
    // the second that is not over yet would make the rate too small
    const whole = this.recent.filter(({ second }) => second < now && second >= now - WINDOW_SECONDS);
    const inWindow = whole.reduce((sum, { count }) => sum + count, 0);
    return { total: this.total, failed: this.failed, perSecond: inWindow / WINDOW_SECONDS };
  }
}

function statusOf(line: string): number | undefined {
  // most lines of a busy service are these, and most lines of others are no JSON: parsing is for the first
  if (!line.startsWith("{") || !line.includes('"responseTime"')) return undefined;
  try {
    const { res, responseTime } = JSON.parse(line) as {
      res?: { statusCode?: unknown };
      responseTime?: unknown;
    };
    const status = res?.statusCode;
    return typeof status === "number" && typeof responseTime === "number" ? status : undefined;
  } catch {
    return undefined;
  }
}

function second(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
