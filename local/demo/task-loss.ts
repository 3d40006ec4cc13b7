import { heading, say } from "../console";
import type { PageService, PageTask } from "../page/page-state";
import type { LocalPlatform } from "../platform/platform";
import { addressOf } from "./ask";
import { Load } from "./load";
import { CLUSTER, SIGNAL_URL, STOCK, scale } from "./services";
import { taskTable } from "./task-table";

const WORKERS = 10;
const PAUSE_MS = 25;

/** Requests that never stop, while the tasks that they depend on are lost, one way after the other. */
export class TaskLoss {
  /** Begins with the load, and waits until every task gets its share of it. */
  public static async begin(platform: LocalPlatform, signal: AbortSignal): Promise<TaskLoss> {
    heading("Requests all the time, while tasks are lost");
    const address = await addressOf(platform, SIGNAL_URL.hostname);
    const load = new Load({ url: SIGNAL_URL, address, workers: WORKERS, pauseMs: PAUSE_MS });
    const loss = new TaskLoss(platform, load, signal);
    say(`  ${WORKERS} callers ask for ${SIGNAL_URL.href}`);
    try {
      await loss.step("every task of stock-service is asked", () => loss.shared());
    } catch (error) {
      await load.stop();
      throw error;
    }
    return loss;
  }

  /** Ids of the tasks that were frozen or killed. */
  private readonly lost = new Set<string>();

  private constructor(
    private readonly platform: LocalPlatform,
    private readonly load: Load,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * A task that is there, keeps its connections and answers nothing: its health check finds it. Returns its id. It ends only by the SIGKILL
   * that follows the stop timeout.
   */
  public async freeze(): Promise<string> {
    const task = this.victim();
    await this.step(`${task.address} is frozen (SIGSTOP), found unhealthy and replaced`, async () => {
      send(task, "SIGSTOP");
      await this.gone(task);
    });
    return task.taskId;
  }

  /** A task that is not there any more, from one moment to the next. */
  public async kill(): Promise<void> {
    const task = this.victim();
    await this.step(`${task.address} is killed (SIGKILL) and replaced`, async () => {
      send(task, "SIGKILL");
      await this.gone(task);
    });
  }

  /** A rolling deployment. */
  public async replaceAll(): Promise<void> {
    const before = this.running().map(({ taskId }) => taskId);
    say(`  $ aws ecs update-service --cluster ${CLUSTER} --service ${STOCK} --force-new-deployment`);
    await this.step("all tasks are replaced by a deployment", async () => {
      await this.platform.ecs.call("UpdateService", {
        cluster: CLUSTER,
        service: STOCK,
        forceNewDeployment: true,
      });
      await this.platform.until("no task of before runs", () =>
        this.running().every(({ taskId }) => !before.includes(taskId)),
      );
      await this.platform.settled();
      await this.shared();
    });
  }

  /** Back to one task. */
  public async scaleIn(): Promise<void> {
    await this.step("one task is left", () => scale(this.platform, 1));
  }

  /** Ends the load and says what became of it. @throws Error where a request failed */
  public async end(): Promise<void> {
    await this.load.stop();
    if (this.signal.aborted) return;
    const { sent, failed } = this.load.counts;
    say(taskTable(this.platform.services()));
    say(`\n  ${sent} requests, ${failed} failed`);
    if (failed > 0) throw new Error(`requests failed: ${this.load.failures.join("; ")}`);
  }

  /** Does something, and says how many requests there were meanwhile. */
  private async step(what: string, action: () => Promise<void>): Promise<void> {
    const started = Date.now();
    const before = this.load.counts;
    await action();
    const { sent, failed } = this.load.counts;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    say(`  ${what}: ${seconds} s, ${sent - before.sent} requests, ${failed - before.failed} failed`);
  }

  private victim(): PageTask {
    const task = this.running().find(({ taskId }) => !this.lost.has(taskId));
    if (!task) throw new Error("stock-service has no task");
    this.lost.add(task.taskId);
    return task;
  }

  private async gone(task: PageTask): Promise<void> {
    await this.platform.until(
      `${task.address} is out of Cloud Map`,
      () => !this.stock().tasks.some(({ taskId, registered }) => taskId === task.taskId && registered),
    );
    await this.platform.settled();
    await this.shared();
  }

  /** Waits until callers know every task. */
  private async shared(): Promise<void> {
    await this.platform.until("every task of stock-service is asked", () =>
      this.running().every(({ requests }) => (requests?.total ?? 0) > 0),
    );
  }

  private running(): PageTask[] {
    return this.stock().tasks.filter(({ status, registered }) => status === "RUNNING" && registered);
  }

  private stock(): PageService {
    const stock = this.platform.services().find(({ service }) => service === STOCK);
    if (!stock) throw new Error("ECS has no stock-service");
    return stock;
  }
}

function send({ pids }: PageTask, signal: NodeJS.Signals): void {
  for (const pid of pids) process.kill(pid, signal);
}
