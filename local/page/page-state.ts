/** What the page shows: the platform at one moment, as JSON. Times are ISO 8601. */
export interface PageState {
  readonly at: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Where emulated AWS answers, for example `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Where Cloud Map's names are answered, for example `127.0.0.1:41235`. */
  readonly dns: string;
  /** What is not as on AWS on this machine, a sentence each. */
  readonly notes: readonly string[];
  readonly services: readonly PageService[];
  /** Who may call whom, as the rules of the security groups say. */
  readonly calls: readonly PageCall[];
  /** The answers that DNS gives now, for every name of Cloud Map. */
  readonly names: readonly PageName[];
  /** The latest questions to the DNS server, the newest first, at most 50. */
  readonly queries: readonly PageQuery[];
  /** The latest events, the newest first, at most 100. */
  readonly events: readonly PageEvent[];
}

export interface PageService {
  readonly cluster: string;
  readonly service: string;
  /** Its name in Cloud Map. */
  readonly host: string | undefined;
  readonly desiredCount: number;
  /** Tasks that are running, healthy and registered. */
  readonly readyCount: number;
  /** For example `stock-service:2`. */
  readonly taskDefinition: string;
  readonly deployment: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly tasks: readonly PageTask[];
}

export interface PageTask {
  readonly taskId: string;
  readonly status: "PENDING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "STOPPED";
  readonly health: "HEALTHY" | "UNHEALTHY" | "UNKNOWN";
  /** Whether it is in Cloud Map. */
  readonly registered: boolean;
  readonly address: string | undefined;
  readonly ports: readonly number[];
  readonly pids: readonly number[];
  readonly startedAt: string;
  readonly stoppedReason: string | undefined;
  /** Requests that it answered, by its own log. Undefined where its log does not say. */
  readonly requests: PageRequests | undefined;
}

export interface PageRequests {
  readonly total: number;
  /** Answered with a status of 500 or above. */
  readonly failed: number;
  /** In the last ten seconds, per second. */
  readonly perSecond: number;
}

export interface PageCall {
  /** Name of an ECS service, or what else is let in, for example `10.0.0.0/16`. */
  readonly from: string;
  /** Name of an ECS service. */
  readonly to: string;
  readonly port: number;
}

export interface PageName {
  readonly name: string;
  readonly type: "A" | "AAAA" | "SRV" | "CNAME";
  /** Seconds. */
  readonly ttl: number;
  /** As `dig +short` prints them, for example `1 1 80 3f2a.stock-service.trading-platform.local.`. */
  readonly answers: readonly string[];
}

export interface PageQuery {
  readonly at: string;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly answers: readonly string[];
  readonly from: string;
}

export interface PageEvent {
  readonly at: string;
  readonly type: string;
  readonly message: string;
  readonly service: string | undefined;
}
