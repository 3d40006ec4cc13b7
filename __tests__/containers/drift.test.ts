import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { readConfiguration as readSignalConfiguration } from "../../apps/signal-processing-service/src/configuration";
import { readConfiguration as readStockConfiguration } from "../../apps/stock-service/src/configuration";
import { TradingPlatformStack } from "../../stacks/trading-platform";
import { SynthesizedStack } from "../../testing";
import { Dockerfile, ROOT } from "./dockerfile";

interface Container {
  readonly name: string;
  readonly image: string;
  readonly user: string;
  readonly stopTimeout: number;
  readonly portMappings: readonly { containerPort: number }[];
  readonly environment: readonly { name: string; value: string }[];
  readonly mountPoints: readonly { containerPath: string; readOnly: boolean }[];
  readonly healthCheck: {
    command: string[];
    interval: number;
    timeout: number;
    retries: number;
    startPeriod: number;
  };
}

const stack = SynthesizedStack.of((app) => new TradingPlatformStack(app, "trading-platform"));

function containerOf(service: string, of = stack): Container {
  const [container] = of.json(
    `aws_ecs_task_definition.${address(service)}`,
    "container_definitions",
  ) as Container[];
  if (container === undefined) throw new Error(`${service} has no container`);
  return container;
}

function environmentOf(service: string, of = stack): Record<string, string> {
  return Object.fromEntries(containerOf(service, of).environment.map(({ name, value }) => [name, value]));
}

function address(service: string): string {
  return service.replaceAll("-", "_");
}

function source(service: string, file: string): string {
  return readFileSync(join(ROOT, "apps", service, "src", file), "utf8");
}

/** A number that the source gives a name: `TIMEOUT_MS = 4000`, `requestTimeout: 30_000`. */
function numberIn(text: string, name: string): number {
  const [, digits] = new RegExp(`\\b${name}(?: =|:) ([\\d_]+)`).exec(text) ?? [];
  if (digits === undefined) throw new Error(`the source does not say what ${name} is`);
  return Number(digits.replaceAll("_", ""));
}

/** What a service is with the given environment. */
const CONFIGURATIONS = {
  "stock-service": (environment: Record<string, string>) => {
    const { port, drainMs, databaseBusyMs } = readStockConfiguration(environment);
    // a request may arrive slowly, and then wait for another task's lock
    const longestMs = numberIn(source("stock-service", "app.ts"), "requestTimeout") + databaseBusyMs;
    return { port, drainMs, longestMs };
  },
  "signal-processing-service": (environment: Record<string, string>) => {
    const { port, drainMs, requestTimeoutMs } = readSignalConfiguration(environment);
    return { port, drainMs, longestMs: requestTimeoutMs };
  },
};

describe.each(["stock-service", "signal-processing-service"] as const)(
  "what runs and what the plan says agree: %s",
  (service) => {
    const dockerfile = Dockerfile.of(service);
    const container = containerOf(service);
    const configured = CONFIGURATIONS[service](environmentOf(service));
    const byDefault = CONFIGURATIONS[service]({
      ...dockerfile.environment(),
      STOCK_SERVICE_URL: "http://stock-service",
    });

    test("the port: of the programs, the image, the container, the registry and its callers", () => {
      const port = configured.port;
      expect(byDefault.port).toBe(port);
      expect(/env\.PORT \?\? "?(\d+)/.exec(source(service, "health-check.ts"))?.[1]).toBe(`${port}`);
      expect(dockerfile.all("EXPOSE")).toEqual([`${port}`]);
      expect(container.portMappings).toEqual([expect.objectContaining({ containerPort: port })]);
      expect(stack.resource(`aws_ecs_service.${address(service)}`)).toMatchObject({
        service_registries: { port },
      });
      const fromOutside = stack.output(`${address(service)}_url`) as string;
      expect(Number(new URL(fromOutside).port || 80)).toBe(port);
    });

    test("the user: of the image, the container and the directory on EFS", () => {
      expect(dockerfile.last("USER")).toBe(container.user);
      const [uid, gid] = container.user.split(":").map(Number);
      expect(uid).toBeGreaterThan(0);
      expect(stack.resource(`aws_efs_access_point.${address(service)}`)).toMatchObject({
        posix_user: { uid, gid },
        root_directory: { creation_info: { owner_uid: uid, owner_gid: gid } },
      });
    });

    test("the health check: what the image has, where the program is, and no longer than ECS waits", () => {
      const { command, options } = dockerfile.healthCheck();
      const { interval, timeout, retries, startPeriod } = container.healthCheck;
      expect(container.healthCheck.command).toEqual(command);
      expect(options).toEqual({ interval, timeout, retries, "start-period": startPeriod });
      const [, node, file = ""] = command;
      expect(node).toBe("node");
      const program = source(service, `${posix.basename(file, ".js")}.ts`);
      expect(numberIn(program, "TIMEOUT_MS")).toBeLessThan(timeout * 1000);
    });

    test("the time to stop: longer than draining and the longest request together", () => {
      expect(container.stopTimeout * 1000).toBeGreaterThan(configured.drainMs + configured.longestMs);
      expect(dockerfile.last("STOPSIGNAL")).toBe("SIGTERM");
    });

    test("the time to drain: longer than a resolver keeps the address", () => {
      const { dns_config } = stack.resource(`aws_service_discovery_service.${address(service)}`) as {
        dns_config: { dns_records: { ttl: number }[] };
      };
      const ttl = Math.max(...dns_config.dns_records.map((record) => record.ttl));
      expect(configured.drainMs).toBeGreaterThan(ttl * 1000);
    });

    test("the tag: the image that is pushed without a word is the one that is run without a word", () => {
      expect(container.image).toBe(
        `\${aws_ecr_repository.${address(service)}.repository_url}:\${var.${address(service)}_image_tag}`,
      );
      expect(stack.resource(`aws_ecr_repository.${address(service)}`)).toMatchObject({ name: service });
    });
  },
);

describe("the data of stock-service", () => {
  const [mount] = containerOf("stock-service").mountPoints;
  const { databasePath } = readStockConfiguration(environmentOf("stock-service"));

  test("lie where the file system is mounted, and may be written", () => {
    expect(dirname(databasePath)).toBe(mount?.containerPath);
    expect(mount?.readOnly).toBe(false);
  });

  test("lie in a directory that the image's user owns where no file system is mounted", () => {
    const dockerfile = Dockerfile.of("stock-service");
    const [uid = "", gid = ""] = dockerfile.last("USER").split(":");
    expect(dockerfile.all("RUN")).toContain(
      `install --directory --owner=${uid} --group=${gid} ${dirname(databasePath)}`,
    );
  });
});

describe("another TTL", () => {
  const withTtl = (ttl: number): SynthesizedStack =>
    SynthesizedStack.of((app) => new TradingPlatformStack(app, "trading-platform", { ttl }));

  test.each([
    [10, "20"],
    [0, "10"],
  ])("of %d seconds makes tasks drain for %s", (ttl, drain) => {
    expect(environmentOf("stock-service", withTtl(ttl)).DRAIN_SECONDS).toBe(drain);
  });

  test("that is longer than a task may drain leaves them the time that Fargate gives", () => {
    const stack = withTtl(300);
    for (const service of ["stock-service", "signal-processing-service"] as const) {
      expect(containerOf(service, stack).stopTimeout).toBe(120);
      const { drainMs, longestMs } = CONFIGURATIONS[service](environmentOf(service, stack));
      expect(drainMs + longestMs).toBeLessThan(120_000);
    }
  });
});
