import { Token } from "cdktf";
import type { Construct } from "constructs";
import { awsContext } from "../../core/framework/aws-context";
import { check } from "../../core/framework/check";
import { serviceConnect } from "../../rules/service-connect";
import { awsLogs } from "./container";
import type { LogDestination, TaskDefinitionProps } from "./task-definition-props";

/** MiB that AWS asks to leave for the proxy at least. */
const PROXY_MEMORY = 64;

/** The log configuration of a proxy in the form that an ECS service wants. */
export interface ProxyLogConfiguration {
  /** `awslogs`, or the driver of the task's other containers. */
  readonly logDriver: string;
  /** The options of the driver. */
  readonly options: Record<string, string>;
}

/** The container that ECS adds to each task of a service in a Service Connect namespace, servers and clients alike. */
export class ServiceConnectProxy {
  /** @param scope the task definition that it is added to */
  public constructor(
    private readonly scope: Construct,
    private readonly task: TaskDefinitionProps,
  ) {}

  /** Refuses the task where the containers have all memory of the task for themselves */
  public checkRoom(): void {
    const { containers, memory } = this.task;
    const limits = containers.map((container) => container.memory ?? 0);
    if ([memory, ...limits].some((limit) => Token.isUnresolved(limit))) return;
    const total = limits.reduce((sum, limit) => sum + limit, 0);
    check(this.scope, "containers memory", total, (sum) => sum + PROXY_MEMORY <= memory, {
      ...serviceConnect.memory,
      allowed: `together at most ${memory - PROXY_MEMORY} of the ${memory} MiB of the task: the Service Connect proxy needs ${PROXY_MEMORY} MiB`,
      mend: `give the task more memory (AWS recommends 256 CPU units and ${PROXY_MEMORY} MiB for the proxy on top of what the containers need), or the containers less`,
    });
  }

  /**
   * Where it logs to: streams of its own in the task's log group, or in one that is given.
   */
  public add(logs: LogDestination = this.task.logs): ProxyLogConfiguration {
    this.checkRoom();
    if (logs !== this.task.logs) {
      this.task.executionRole.grant(
        {
          sid: "WriteProxyLogs",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [`${logs.logGroupArn}:*`],
        },
        this.scope,
      );
    }
    return awsLogs(logs.logGroupName, awsContext(this.scope).region, `${this.task.family}-service-connect`);
  }
}
