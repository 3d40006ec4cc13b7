import type { PageEvent, PageQuery, PageService, PageState, PageTask } from "../page/page-state";
import type { ServiceName } from "../dns/server";
import type { RunnerSnapshot, TaskSnapshot } from "../tasks";
import { nameOf } from "../tasks/registry";
import type { Call } from "./calls";
import type { RequestCounts } from "./request-counts";

/** What the state of the platform is made of. */
export interface StateSources {
  readonly stack: string;
  readonly endpoint: string;
  readonly dns: string;
  readonly notes: readonly string[];
  readonly services: readonly PageService[];
  readonly names: readonly ServiceName[];
  readonly calls: readonly Call[];
  readonly queries: readonly PageQuery[];
  readonly events: readonly PageEvent[];
}

/** The platform at this moment, for the page. */
export function stateOf(sources: StateSources, now = new Date()): PageState {
  return {
    at: now.toISOString(),
    ...sources,
    names: sources.names.map(({ name, type, ttl, answers }) => ({
      name,
      type: type as PageState["names"][number]["type"],
      ttl,
      // DNS shuffles them for every question; the page shows what is there
      answers: [...answers].sort((a, b) => a.localeCompare(b, "en", { numeric: true })),
    })),
  };
}

/** The services and their tasks, in the order of their names; those in Cloud Map have a host where its names are given. */
export function servicesOf(
  { services }: Pick<RunnerSnapshot, "services">,
  requests: RequestCounts,
  names: readonly ServiceName[] = [],
  now = new Date(),
): PageService[] {
  const pageServices = services.map((service): PageService => {
    const registries = service.registryArns.map(nameOf);
    return {
      cluster: service.cluster,
      service: service.service,
      host: names.find(({ serviceId }) => registries.includes(serviceId))?.name,
      desiredCount: service.desiredCount,
      readyCount: service.readyCount,
      taskDefinition: service.taskDefinition,
      deployment: service.deployment.state,
      tasks: service.tasks.map((task) => taskOf(task, requests, now)),
    };
  });
  return pageServices.sort((a, b) => a.service.localeCompare(b.service));
}

function taskOf(task: TaskSnapshot, requests: RequestCounts, now: Date): PageTask {
  const { taskId, status, health, registered, address, ports, startedAt, stoppedReason, containers } = task;
  return {
    taskId,
    status,
    health,
    registered,
    address,
    ports,
    startedAt: startedAt.toISOString(),
    stoppedReason,
    pids: containers.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    requests: requests.of(taskId, now),
  };
}
