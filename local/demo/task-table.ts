import { table } from "../console";
import type { PageService } from "../page/page-state";

/** The tasks of services, a line each. */
export function taskTable(services: readonly PageService[]): string {
  const rows = services.flatMap(({ service, tasks }) => {
    const all = tasks.reduce((sum, { requests }) => sum + (requests?.total ?? 0), 0);
    return tasks.map(({ taskId, status, health, registered, address, ports, requests }) => [
      service,
      `${address ?? ""}:${ports.join(",")}`,
      taskId.slice(0, 8),
      status,
      health,
      registered ? "yes" : "no",
      requests ? `${requests.total}` : "",
      requests && all > 0 ? `${Math.round((100 * requests.total) / all)} %` : "",
    ]);
  });
  return table([
    ["SERVICE", "ADDRESS", "TASK", "STATUS", "HEALTH", "IN CLOUD MAP", "REQUESTS", "SHARE"],
    ...rows,
  ]);
}
