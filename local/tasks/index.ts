export type { LocalImage, LocalImages } from "./image";
export type { Machine } from "./machine";
export type {
  DeploymentState,
  RunnerSnapshot,
  ServiceSnapshot,
  TaskEvent,
  TaskEventType,
  TaskLog,
  TaskSnapshot,
  TaskStatus,
} from "./task-event";
export { TaskRunner, type TaskRunnerOptions } from "./task-runner";
