import { connectivityState, experimental, status, type ChannelOptions } from "@grpc/grpc-js";
import type { DiscoveryEvent } from "../discovery-event.js";
import type { Failure } from "../failure.js";
import { Health, type EjectPolicy, type Trial } from "../health.js";
import { Rotation, type Candidate } from "../rotation.js";
import type { Settings } from "../settings.js";

type Helper = experimental.ChannelControlHelper;
type GrpcEndpoint = experimental.Endpoint;
type Registration = Parameters<typeof experimental.registerLoadBalancerType>;
type BalancerClass = Registration[1];
type ConfigClass = Registration[2];
type PickResult = experimental.PickResult;

/** One address of a channel: its connection, and what is known of it. */
class Task implements Candidate {
  round = 0;
  /** Calls without a status. */
  calls = 0;
  readonly health: Health;
  readonly connection: experimental.LeafLoadBalancer;
  readonly address: string;
  readonly port: number;

  constructor(endpoint: GrpcEndpoint, helper: Helper, options: ChannelOptions, policy: EjectPolicy) {
    const [first] = endpoint.addresses;
    this.address = first !== undefined && "host" in first ? first.host : "";
    this.port = first !== undefined && "port" in first ? first.port : 0;
    this.health = new Health(policy);
    this.connection = new experimental.LeafLoadBalancer(endpoint, helper, options, "");
  }

  get isReady(): boolean {
    return this.connection.getConnectivityState() === connectivityState.READY;
  }
}

/** Under this the resolver tells the balancer the name; no connection is told from another by it. */
export const HOSTNAME = `${experimental.SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX}.ecs_discovery.hostname`;

const calls = (task: Task): number => task.calls;

/** What a status says against the address. UNAVAILABLE is what grpc-js says of a connection that broke. */
function failureOf(code: status): Failure | undefined {
  if (code === status.UNAVAILABLE) return "reset";
  return code === status.DEADLINE_EXCEEDED ? "deadline" : undefined;
}

/**
 * @param name of the policy, and of its entry in a service config
 * @returns the classes that grpc-js makes a load balancer of for each channel
 */
export function discoveryBalancer(
  settings: Settings,
  name: string,
): { Balancer: BalancerClass; Config: ConfigClass } {
  const policy: EjectPolicy = {
    ...settings.eject,
    probeMs: settings.connectTimeoutMs + settings.headersTimeoutMs,
  };

  class Config implements experimental.TypedLoadBalancingConfig {
    static createFromJson(): Config {
      return new Config();
    }

    getLoadBalancerName(): string {
      return name;
    }

    toJsonObject(): object {
      return { [name]: {} };
    }
  }

  /**
   * Keeps a connection to every address, and calls the one with the fewest calls under way among those that are connected
   * and in. An address that stays keeps its connection and what is known of it, whatever else changes.
   */
  class Balancer implements experimental.LoadBalancer {
    readonly #tasks = new Map<string, Task>();
    readonly #rotation = new Rotation();
    readonly #children: Helper;
    #hostname = "";
    #error = "";
    #isPaused = false;

    constructor(private readonly helper: Helper) {
      this.#children = experimental.createChildChannelControlHelper(helper, {
        updateState: (state, _picker, message) => {
          if (message !== null) this.#error = message;
          // a connection is lost, or there is none to be had: DNS may name others by now
          if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.IDLE)
            helper.requestReresolution();
          this.#update();
        },
      });
    }

    updateAddressList(
      found: experimental.StatusOr<GrpcEndpoint[]>,
      _config: experimental.TypedLoadBalancingConfig,
      options: ChannelOptions,
    ): boolean {
      if (!found.ok) {
        this.#error = found.error.details;
        // the addresses that were named before are as good as they were
        if (this.#tasks.size === 0) this.#update();
        return true;
      }
      this.#hostname = String(options[HOSTNAME]);
      this.#isPaused = true;
      const present = new Map(
        found.value.map((endpoint) => [experimental.endpointToString(endpoint), endpoint]),
      );
      for (const [key, task] of this.#tasks) {
        if (present.has(key)) continue;
        this.#tasks.delete(key);
        task.connection.destroy();
      }
      for (const [key, endpoint] of present) {
        if (this.#tasks.has(key)) continue;
        const task = new Task(endpoint, this.#children, options, policy);
        this.#tasks.set(key, task);
        task.connection.startConnecting();
      }
      this.#isPaused = false;
      this.#update();
      return true;
    }

    exitIdle(): void {
      for (const { connection } of this.#tasks.values()) connection.exitIdle();
    }

    resetBackoff(): void {
      // of connections, which grpc-js keeps
    }

    destroy(): void {
      for (const { connection } of this.#tasks.values()) connection.destroy();
      this.#tasks.clear();
    }

    getTypeName(): string {
      return name;
    }

    /** @returns what to do with a call, or undefined if no address is connected */
    pick(args: experimental.PickArgs): PickResult | undefined {
      const ready = [...this.#tasks.values()].filter((task) => task.isReady);
      const now = performance.now();
      const due = ready.find(({ health }) => health.isProbeDue(now, true));
      const task = due ?? this.#rotation.choose(this.#eligible(ready), calls);
      return task === undefined ? undefined : this.#watched(task, task.connection.getPicker().pick(args));
    }

    #watched(task: Task, picked: PickResult): PickResult {
      if (picked.pickResultType !== experimental.PickResultType.COMPLETE) return picked;
      let trial: Trial | undefined;
      let begunAt = 0;
      return {
        ...picked,
        onCallStarted: () => {
          begunAt = performance.now();
          trial = task.health.begin(begunAt);
          task.calls += 1;
          picked.onCallStarted?.();
        },
        onCallEnded: (code, ...rest) => {
          task.calls -= 1;
          if (trial !== undefined) task.health.end(trial);
          this.#judge(task, code, begunAt, trial);
          picked.onCallEnded?.(code, ...rest);
        },
      };
    }

    #judge(task: Task, code: status, begunAt: number, trial: Trial | undefined): void {
      const { health, address, port } = task;
      const now = performance.now();
      const failure = failureOf(code);
      // its caller gave up: that says nothing
      if (code === status.CANCELLED) return;
      if (failure === undefined) {
        health.consecutiveFailures = 0;
        if (health.answered(now, trial))
          this.#tell({ type: "readmit", hostname: this.#hostname, address, port });
        return;
      }
      const forMs = health.failed(failure, now, begunAt, trial, this.#tasks.size > 1);
      if (forMs === undefined) return;
      this.#tell({ type: "eject", hostname: this.#hostname, address, port, reason: failure, forMs });
      this.helper.requestReresolution();
    }

    #eligible(ready: readonly Task[]): readonly Task[] {
      const eligible = ready.filter(({ health }) => !health.isEjected);
      const tooFew = eligible.length === 0 || eligible.length < ready.length * settings.panicBelow;
      return tooFew ? ready : eligible;
    }

    #tell(event: DiscoveryEvent): void {
      settings.onEvent?.(event);
    }

    #update(): void {
      if (this.#isPaused) return;
      const states = new Set(
        [...this.#tasks.values()].map(({ connection }) => connection.getConnectivityState()),
      );
      const queue = new experimental.QueuePicker(this);
      if (states.has(connectivityState.READY)) {
        const picker = { pick: (args: experimental.PickArgs) => this.pick(args) ?? queue.pick(args) };
        this.helper.updateState(connectivityState.READY, picker, null);
      } else if (states.has(connectivityState.CONNECTING) || states.has(connectivityState.IDLE)) {
        this.helper.updateState(connectivityState.CONNECTING, queue, null);
      } else {
        const details = `No address of ${this.#hostname} is connected. Last error: ${this.#error || "none is known"}`;
        const picker = new experimental.UnavailablePicker({ details });
        this.helper.updateState(connectivityState.TRANSIENT_FAILURE, picker, details);
      }
      for (const { connection } of this.#tasks.values()) {
        if (connection.getConnectivityState() === connectivityState.IDLE) connection.exitIdle();
      }
    }
  }

  return { Balancer, Config };
}
