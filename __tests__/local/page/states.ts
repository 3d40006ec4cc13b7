import type { PageCall, PageService, PageState, PageTask } from "../../../local/page/page-state";

export const AT = "2026-11-20T14:52:03.000Z";
/** The rules of the trading platform, and what is let in from outside. */
export const CALLS: readonly PageCall[] = [
  { from: "signal-processing-service", to: "stock-service", port: 80 },
  { from: "10.0.0.0/16", to: "signal-processing-service", port: 80 },
];

/** The n-th task of a service: it runs, is healthy and registered, and has answered n requests unless told otherwise. */
export function task(n: number, more: Partial<PageTask> = {}): PageTask {
  return {
    taskId: n.toString(16).padStart(8, "0") + "f7a94c0d8e3b21566a9de024",
    status: "RUNNING",
    health: "HEALTHY",
    registered: true,
    address: `127.64.${n >> 8}.${n & 255}`,
    ports: [80],
    pids: [41_000 + n],
    startedAt: "2026-11-20T14:50:00.000Z",
    stoppedReason: undefined,
    requests: { total: n, failed: 0, perSecond: n / 10 },
    ...more,
  };
}

/** A service that is all there, with these tasks. */
export function service(
  name: string,
  tasks: readonly PageTask[],
  more: Partial<PageService> = {},
): PageService {
  return {
    cluster: "trading-platform",
    service: name,
    host: `${name}.trading-platform.local`,
    desiredCount: tasks.length,
    readyCount: tasks.length,
    taskDefinition: `${name}:1`,
    deployment: "COMPLETED",
    tasks,
    ...more,
  };
}

/** A platform on which nothing is yet, unless told otherwise. */
export function state(more: Partial<PageState> = {}): PageState {
  return {
    at: AT,
    stack: "trading-platform",
    endpoint: "http://127.0.0.1:41234",
    dns: "127.0.0.1:41235",
    notes: [],
    services: [],
    calls: [],
    names: [],
    queries: [],
    events: [],
    ...more,
  };
}

/** The trading platform with two tasks each, in which something has happened. */
export function tradingPlatform(more: Partial<PageState> = {}): PageState {
  return state({
    notes: ["Security groups are not enforced on this machine: every task reaches every other."],
    services: [
      service("signal-processing-service", [task(1), task(2)], {
        tasks: [task(1, { requests: undefined }), task(2, { requests: undefined })],
      }),
      service("stock-service", [
        task(10, { requests: { total: 3000, failed: 0, perSecond: 30 } }),
        task(11, { requests: { total: 1000, failed: 7, perSecond: 10.04 } }),
      ]),
    ],
    calls: CALLS,
    names: [
      {
        name: "stock-service.trading-platform.local",
        type: "A",
        ttl: 10,
        answers: ["127.64.0.10", "127.64.0.11"],
      },
      {
        name: "stock-service.trading-platform.local",
        type: "SRV",
        ttl: 10,
        answers: [10, 11].map((n) => `1 1 80 ${task(n).taskId}.stock-service.trading-platform.local.`),
      },
      { name: "signal-processing-service.trading-platform.local", type: "A", ttl: 60, answers: [] },
    ],
    queries: [
      {
        at: AT,
        name: "stock-service.trading-platform.local",
        type: "A",
        status: "NOERROR",
        answers: ["127.64.0.10", "127.64.0.11"],
        from: "127.64.0.1:40123",
      },
      {
        at: AT,
        name: "stork-service.trading-platform.local",
        type: "A",
        status: "NXDOMAIN",
        answers: [],
        from: "127.64.0.1:40124",
      },
    ],
    events: [
      {
        at: AT,
        type: "task-healthy",
        message: "The task 0000000b of stock-service is healthy.",
        service: "stock-service",
      },
      {
        at: AT,
        type: "deployment-completed",
        message: "The deployment of signal-processing-service is complete.",
        service: "signal-processing-service",
      },
      { at: AT, type: "api-answers", message: "The emulator answers again.", service: undefined },
    ],
    ...more,
  });
}

/** So many services of so many tasks each, which call each other in a net with cycles. */
export function manyServices(count: number, tasks: number): PageState {
  const names = Array.from({ length: count }, (_, n) => `service-${n + 1}`);
  const services = names.map((name, n) =>
    service(
      name,
      Array.from({ length: tasks }, (_, index) => task(n * tasks + index + 1)),
    ),
  );
  const calls = names.flatMap((from, n) =>
    // to the next two of a binary tree, and now and then back to where it began
    [2 * n + 1, 2 * n + 2, ...(n % 7 === 6 ? [0] : [])].flatMap((to) => {
      const name = names[to];
      return name === undefined ? [] : [{ from, to: name, port: 80 + (to % 3) }];
    }),
  );
  return state({ services, calls: [{ from: "10.0.0.0/16", to: names[0] ?? "", port: 443 }, ...calls] });
}
