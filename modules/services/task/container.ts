import type { ContainerImage } from "../../core/storage/container-image";
import type { Secret } from "../../core/storage/secret";

/** A port that a container listens on. */
export interface PortMapping {
  /** The port that the container listens on, 1 to 65535. In awsvpc mode it is the task's port too. */
  readonly containerPort: number;
  /** What is sent to the port. @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /** Name that other settings refer to the port by: 1 to 64 of a to z, digits, - and _, unique in the task. @default - none */
  readonly name?: string;
  /** What Service Connect's proxy takes the traffic for; the port needs a name then. @default - plain TCP */
  readonly appProtocol?: "http" | "http2" | "grpc";
}

/** A command that ECS runs in the container; it fails when it exits with anything but 0. */
export interface HealthCheck {
  /** Begins with `CMD` or `CMD-SHELL`: `["CMD-SHELL", "curl -f http://localhost/health || exit 1"]`. */
  readonly command: readonly string[];
  /** Seconds, 5 to 300. @default 30 */
  readonly interval?: number;
  /** Seconds, 2 to 60. @default 5 */
  readonly timeout?: number;
  /** 1 to 10. @default 3 */
  readonly retries?: number;
  /** Seconds in which failures do not count, 0 to 300. @default 0 */
  readonly startPeriod?: number;
}

/** A container of a task. What ECS calls it is what it is called here. */
export interface ContainerProps {
  /** Unique in the task. */
  readonly name: string;
  /** What the container runs. */
  readonly image: ContainerImage;
  /** The task stops when an essential container does. @default true */
  readonly essential?: boolean;
  /** The ports that it listens on. @default - none */
  readonly portMappings?: readonly PortMapping[];
  /**
   * Values that are no secrets. `${...}` in a literal text stays as it is, for a shell to read; a value with values of
   * resources in it is best made by `text`.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Values that ECS reads when the container starts. No name of theirs may be in `environment`. */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /** What is run instead of the image's `CMD`. @default - the image's own */
  readonly command?: readonly string[];
  /** What is run instead of the image's `ENTRYPOINT`. @default - the image's own */
  readonly entryPoint?: readonly string[];
  /**
   * How ECS finds out whether the container works; it does not look at the image's own.
   * @default - none: a running container counts as healthy
   */
  readonly healthCheck?: HealthCheck;
  /** CPU units of the task's that are kept for it. @default - it shares what is there */
  readonly cpu?: number;
  /** MiB after which it is killed. @default - the task's */
  readonly memory?: number;
  /** `uid:gid` or a name that the image knows. @default - the image's own */
  readonly user?: string;
  /** Lets the container write to its volumes alone. @default false */
  readonly readonlyRootFilesystem?: boolean;
  /** Seconds between SIGTERM and SIGKILL, 0 to 120. @default - 30, ECS's own */
  readonly stopTimeout?: number;
  /** Containers that must have come that far before this one starts. @default - none */
  readonly dependsOn?: Readonly<Record<string, "START" | "COMPLETE" | "SUCCESS" | "HEALTHY">>;
}

/** True for a mapping that a TCP connection can use. */
export function isTcp({ protocol }: PortMapping): boolean {
  return protocol !== "udp";
}

/** The port mapping that callers reach: the first TCP port of the first container. */
export function reachedPort(containers: readonly ContainerProps[]): PortMapping | undefined {
  return containers[0]?.portMappings?.find(isTcp);
}

/** The containers, the first TCP port of the first one carrying more unless it has that already. */
export function withPort(
  containers: readonly ContainerProps[],
  more: Pick<PortMapping, "name" | "appProtocol"> | undefined,
): readonly ContainerProps[] {
  const [reached, ...others] = containers;
  const port = reachedPort(containers);
  if (more === undefined || reached === undefined || port === undefined) return containers;
  const portMappings = reached.portMappings?.map((mapping) =>
    mapping === port
      ? {
          ...mapping,
          name: mapping.name ?? more.name,
          appProtocol: mapping.appProtocol ?? more.appProtocol,
        }
      : mapping,
  );
  return [{ ...reached, portMappings }, ...others];
}

/** Where a container logs to, in the form that ECS wants: streams `<prefix>/<container>/<task>` of a log group. */
export function awsLogs(
  logGroupName: string,
  region: string,
  streamPrefix: string,
): { logDriver: string; options: Record<string, string> } {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroupName,
      "awslogs-region": region,
      "awslogs-stream-prefix": streamPrefix,
      // a container that writes faster than CloudWatch takes must not be held up by it
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}
