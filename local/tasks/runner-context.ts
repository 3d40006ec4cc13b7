import type { AddressPool } from "./address-pool";
import type { EcsApi } from "./ecs-api";
import type { EfsFolders } from "./efs-folders";
import type { LocalImages } from "./image";
import type { Machine } from "./machine";
import type { TaskNetwork } from "./network/task-network";
import type { CloudMapApi } from "./registry";
import type { TaskEvent, TaskLog } from "./task-event";
import type { Watchdog } from "./watchdog";

/** What all tasks of a runner share. */
export interface RunnerContext {
  readonly ecs: EcsApi;
  readonly cloudMap: CloudMapApi;
  readonly efs: EfsFolders;
  readonly images: LocalImages;
  readonly secrets: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly scratch: string;
  readonly resolvConf: string | undefined;
  readonly timeScale: number;
  readonly machine: Machine;
  readonly addresses: AddressPool;
  /** Where security groups are enforced. */
  readonly network: TaskNetwork | undefined;
  readonly watchdog: Watchdog;
  readonly emit: (event: Omit<TaskEvent, "at">) => void;
  readonly log: (log: Omit<TaskLog, "at">) => void;
}
