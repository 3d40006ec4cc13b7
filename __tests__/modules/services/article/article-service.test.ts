import { DnsNamespace } from "../../../../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../../../../modules/core/compute/ecs-cluster";
import { Iam } from "../../../../modules/core/iam/iam";
import { Ecr } from "../../../../modules/core/storage/ecr";
import { Efs } from "../../../../modules/core/storage/efs";
import type { ArticleServiceProps } from "../../../../modules/services/article/article-service";
import { SignalProcessingService } from "../../../../modules/services/article/signal-processing-service";
import { StockDataService } from "../../../../modules/services/article/stock-data-service";
import {
  containersOf,
  refusalOf,
  stackOf,
  statementsOf,
  SUBNETS,
  VPC,
  type SmallStack,
} from "../../stack-of";

const ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole";
const URL = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/stock-service";
/** Exactly what the article's service module is given. */
const IDS = {
  ecsClusterId: "arn:aws:ecs:eu-central-1:123456789012:cluster/trading-platform",
  efsFileSystemId: "fs-0123456789abcdef0",
  ecsTaskExecutionRoleArn: ROLE,
  ecrRepositoryUrl: URL,
  namespaceId: "ns-0123456789abcdef",
  subnets: SUBNETS,
  securityGroups: ["sg-0123456789abcdef0"],
} as const;

function constructs(stack: SmallStack): ArticleServiceProps {
  return {
    vpcId: VPC,
    subnets: SUBNETS,
    ecsCluster: new EcsCluster(stack, "ecs_cluster", { clusterName: "trading-platform" }),
    efs: new Efs(stack, "efs", { vpcId: VPC, subnets: SUBNETS }),
    iam: new Iam(stack, "iam"),
    ecr: new Ecr(stack, "ecr", { repositoryName: "stock-service" }),
    namespace: new DnsNamespace(stack, "dns_namespace", {
      namespaceName: "trading-platform.local",
      vpcId: VPC,
    }),
  };
}

describe("the stock-service with plain ids, as in the article,", () => {
  const stack = stackOf((stack) => new StockDataService(stack, "stock_service", IDS));

  test("runs where it is told to, under the role that exists", () => {
    expect(stack.resource("aws_ecs_service.stock_service")).toMatchObject({
      name: "stock-service",
      cluster: IDS.ecsClusterId,
      network_configuration: {
        subnets: SUBNETS,
        security_groups: ["sg-0123456789abcdef0", "${aws_security_group.stock_service.id}"],
      },
    });
    expect(stack.resource("aws_ecs_task_definition.stock_service").execution_role_arn).toBe(ROLE);
  });

  test("runs the latest image on port 80 unless asked otherwise", () => {
    expect(containersOf(stack, "stock_service")).toMatchObject([
      { name: "stock-service", image: `${URL}:latest`, portMappings: [{ containerPort: 80 }] },
    ]);
  });

  test("is found in the namespace by A and SRV records", () => {
    expect(stack.resource("aws_service_discovery_service.stock_service")).toMatchObject({
      name: "stock-service",
      dns_config: {
        namespace_id: IDS.namespaceId,
        dns_records: [
          { type: "A", ttl: 60 },
          { type: "SRV", ttl: 60 },
        ],
      },
    });
  });

  test("has a directory of its own on the file system, under /data", () => {
    expect(stack.resource("aws_efs_access_point.stock_service")).toMatchObject({
      file_system_id: IDS.efsFileSystemId,
      root_directory: { path: "/stock-service" },
    });
    expect(containersOf(stack, "stock_service")).toMatchObject([
      { mountPoints: [{ sourceVolume: "stock_service", containerPath: "/data", readOnly: false }] },
    ]);
    expect(Object.values(statementsOf(stack, "aws_iam_role_policy.stock_service_task_role"))).toEqual([
      expect.objectContaining({
        Resource: expect.stringMatching(/:file-system\/fs-0123456789abcdef0$/) as string,
      }),
    ]);
  });

  test("changes nothing that exists: no cluster, role, repository, file system or namespace is made", () => {
    expect(stack.addresses().map((address) => address.split(".")[0])).toEqual([
      "aws_cloudwatch_log_group",
      "aws_ecs_service",
      "aws_ecs_task_definition",
      "aws_efs_access_point",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_security_group",
      "aws_service_discovery_service",
      ...stack.addresses().flatMap((address) => /^aws_vpc_security_group_\w+_rule/.exec(address) ?? []),
    ]);
    expect(stack.addresses("aws_iam_role")).toEqual(["aws_iam_role.stock_service_task_role"]);
  });

  test("cannot be called by name: its namespace's name is not known", () => {
    const message = refusalOf((stack) => {
      const stock = new StockDataService(stack, "stock_service", IDS);
      new SignalProcessingService(stack, "signal", IDS).connectTo(stock);
    });
    expect(message).toMatch(/^small\/stock_service: namespace name is not given/);
  });
});

describe("the article's services with constructs", () => {
  const stack = stackOf((stack) => {
    const props = constructs(stack);
    const stock = new StockDataService(stack, "stock_service", props);
    new SignalProcessingService(stack, "signal_processing_service", props).connectTo(stock);
  });

  test("are wired with each other and with the file system", () => {
    expect(stack.openPorts()).toMatchObject({
      between: [
        "signal_processing_service -> efs:2049",
        "signal_processing_service -> stock_service:80",
        "stock_service -> efs:2049",
      ],
      oneSided: [],
    });
  });

  test("may pull, log and mount what they use and nothing else: no right is for everything but the login to ECR", () => {
    const everywhere = stack
      .addresses("aws_iam_role_policy")
      .flatMap((address) => Object.values(statementsOf(stack, address)))
      .filter(({ Resource }) => JSON.stringify(Resource).includes('"*"'));
    expect(everywhere.map(({ Action }) => Action)).toEqual(["ecr:GetAuthorizationToken"]);
    expect(statementsOf(stack, "aws_iam_role_policy.ecs_task_execution_role")).toMatchObject({
      PullImages: { Resource: "${aws_ecr_repository.ecr.arn}" },
      WriteLogs: {
        Resource: [
          "${aws_cloudwatch_log_group.stock_service.arn}:*",
          "${aws_cloudwatch_log_group.signal_processing_service.arn}:*",
        ],
      },
    });
  });

  test("have the names and directories of the article", () => {
    expect(stack.resource("aws_ecs_service.signal_processing_service").name).toBe(
      "signal-processing-service",
    );
    expect(stack.resource("aws_efs_access_point.signal_processing_service").root_directory).toMatchObject({
      path: "/signal-processing-service",
    });
  });

  test("may have another tag, port, TTL, size and environment", () => {
    const stack = stackOf((stack) => {
      new StockDataService(stack, "stock", {
        ...constructs(stack),
        imageTag: "1.4.2",
        containerPort: 8080,
        ttl: 10,
        cpu: 512,
        memory: 1024,
        environment: { MODE: "live" },
        healthCheck: { command: ["CMD", "true"] },
        stopTimeout: 60,
        user: "1000",
      });
    });
    expect(containersOf(stack, "stock")).toMatchObject([
      {
        image: "${aws_ecr_repository.ecr.repository_url}:1.4.2",
        portMappings: [{ containerPort: 8080 }],
        environment: [{ name: "MODE", value: "live" }],
        healthCheck: { command: ["CMD", "true"] },
        stopTimeout: 60,
        user: "1000",
      },
    ]);
    expect(stack.resource("aws_ecs_task_definition.stock")).toMatchObject({ cpu: "512", memory: "1024" });
    expect(stack.resource("aws_service_discovery_service.stock").dns_config).toMatchObject({
      dns_records: [{ ttl: 10 }, { ttl: 10 }],
    });
  });
});

describe("each of the five inputs", () => {
  const PAIRS = [
    ["ecsClusterId", "ecsCluster"],
    ["efsFileSystemId", "efs"],
    ["ecsTaskExecutionRoleArn", "iam"],
    ["ecrRepositoryUrl", "ecr"],
    ["namespaceId", "namespace"],
  ] as const;
  /** What a caller without type checks may give. */
  const refused = (change: (stack: SmallStack) => object): string =>
    refusalOf((stack) => {
      new StockDataService(stack, "stock_service", { ...IDS, ...change(stack) });
    });

  test.each(PAIRS)("%s or %s must be given", (idName, constructName) => {
    const message = refused(() => ({ [idName]: undefined }));
    expect(message).toMatch(/^small/);
    expect(message).toContain(`stock_service ${idName} / ${constructName} is []`);
    expect(message).toContain(`allowed: exactly one of ${idName} and ${constructName}`);
  });

  test.each(PAIRS)("%s and %s cannot both be given", (idName, constructName) => {
    const message = refused((stack) => ({ [constructName]: constructs(stack)[constructName] }));
    expect(message).toContain(
      `stock_service ${idName} / ${constructName} is ["${idName}","${constructName}"]`,
    );
  });

  test.each(PAIRS)("may be the construct beside four ids", (idName, constructName) => {
    const stack = stackOf((stack) => {
      const props = { ...IDS, [idName]: undefined, [constructName]: constructs(stack)[constructName] };
      new StockDataService(stack, "stock_service", props);
    });
    expect(stack.addresses("aws_ecs_service")).toEqual(["aws_ecs_service.stock_service"]);
  });
});

test("an execution role of this stack may pull from a repository that is given by its URL", () => {
  const stack = stackOf((stack) => {
    const props = { ...IDS, ecsTaskExecutionRoleArn: undefined, iam: new Iam(stack, "iam") };
    new StockDataService(stack, "stock_service", props);
  });
  expect(stack.resource("aws_iam_role_policy.ecs_task_execution_role").policy).toContain("ecr:BatchGetImage");
});
