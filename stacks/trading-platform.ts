import { Construct } from "constructs";
import { snakeCase } from "../modules/core/framework/address";
import { DnsNamespace } from "../modules/core/cloud-map/dns-namespace";
import { Ecr, type IEcr } from "../modules/core/storage/ecr";
import { EcsCluster } from "../modules/core/compute/ecs-cluster";
import { Efs } from "../modules/core/storage/efs";
import { Iam } from "../modules/core/iam/iam";
import { acknowledge } from "../modules/core/framework/warnings";
import type { ArticleServiceProps } from "../modules/services/article/article-service";
import type { EcsService } from "../modules/services/ecs-service/ecs-service";
import { Observability } from "../modules/services/observability/observability";
import { SignalProcessingService } from "../modules/services/article/signal-processing-service";
import { StockDataService } from "../modules/services/article/stock-data-service";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { givenNetwork } from "./given-network";
import { alarmActionsVariable, desiredCountVariable, imageTagVariable } from "./variables";

export interface TradingPlatformStackProps extends BaseStackProps {
  /** @default "trading-platform.local" */
  readonly namespaceName?: string;
  /** Seconds for which a resolver may keep the address of a task. @default 60 */
  readonly ttl?: number;
  /**
   * The environment, of the same prefix, account and region, whose repositories the images are pulled from, so that an
   * image goes from one environment to the next as it is. This one then makes none.
   * @default - each environment has repositories of its own
   */
  readonly repositoriesOf?: string;
  /**
   * Alarms, a dashboard and metrics of the services' logs; `with-dns-queries` counts DNS queries too, for which the
   * resolver logs all queries of the VPC. All of it costs money.
   * @default false
   */
  readonly observability?: boolean | "with-dns-queries";
}

/** The port of the article's `service_registries`, which its containers listen on. */
const PORT = 80;
/** How long a container may take to stop, in seconds. Fargate allows no more. */
const MAX_STOP_TIMEOUT = 120;

/**
 * The platform of the article "Microservice communication in AWS ECS without a Load Balancer, using DNS Service Discovery": two
 * services on Fargate that find each other by DNS, with no load balancer between them.
 *
 * The signal-processing-service calls the stock-service at `http://stock-service.trading-platform.local`.
 */
export class TradingPlatformStack extends BaseStack {
  public readonly stockService: StockDataService;
  public readonly signalProcessingService: SignalProcessingService;

  public constructor(scope: Construct, id: string, props: TradingPlatformStackProps = {}) {
    super(scope, id, props);
    const { vpcId, subnets, securityGroups } = givenNetwork(this);

    const namespace = new DnsNamespace(this, "dns_namespace", {
      namespaceName: props.namespaceName ?? "trading-platform.local",
      vpcId,
    });
    // the article's name; no image of the platform asks mDNS
    if (props.namespaceName === undefined) acknowledge(namespace, "cloud-map-namespace-local");
    const ecsCluster = new EcsCluster(this, "ecs_cluster");
    const efs = new Efs(this, "efs", { vpcId, subnets });
    const iam = new Iam(this, "iam");
    const repositories = new Construct(this, "ecr");
    const stockEcr = this.repository(repositories, "stock-service", props.repositoriesOf);
    const signalEcr = this.repository(repositories, "signal-processing-service", props.repositoriesOf);

    const { ttl = 60 } = props;
    const common = { vpcId, subnets, securityGroups, ecsCluster, efs, iam, namespace, ttl };
    this.stockService = new StockDataService(this, "stock_service", {
      ...common,
      // 30 s for a request to arrive, 5 s for it to wait for the database
      ...containerOf({ ttl, longestRequest: 35 }),
      ecr: stockEcr,
      imageTag: imageTagVariable(this, "stock_service").stringValue,
      desiredCount: desiredCountVariable(this, "stock_service").numberValue,
    });
    this.signalProcessingService = new SignalProcessingService(this, "signal_processing_service", {
      ...common,
      ...containerOf({ ttl, longestRequest: 10 }),
      ecr: signalEcr,
      imageTag: imageTagVariable(this, "signal_processing_service").stringValue,
      desiredCount: desiredCountVariable(this, "signal_processing_service").numberValue,
    });
    this.signalProcessingService.connectTo(this.stockService, { environment: "STOCK_SERVICE_URL" });

    this.output("namespace_id", namespace.namespaceId, "Id of the Cloud Map namespace");
    this.output("namespace_name", namespace.namespaceName, "What the names of all services end with");
    this.output("ecs_cluster_name", ecsCluster.ecsClusterName, "Name of the ECS cluster");
    this.output("ecs_cluster_arn", ecsCluster.ecsClusterArn, "ARN of the ECS cluster");
    this.output("file_system_id", efs.fileSystemId, "Id of the EFS file system");
    this.output(
      "ecs_task_execution_role_arn",
      iam.ecsTaskExecutionRoleArn,
      "ARN of the role that starts the tasks",
    );
    this.serviceOutputs(this.stockService, stockEcr);
    this.serviceOutputs(this.signalProcessingService, signalEcr);
    if (props.observability) {
      const { observability } = props;
      const { dashboardName = "" } = new Observability(this, "observability", {
        services: [this.stockService, this.signalProcessingService],
        alarmActions: alarmActionsVariable(this).listValue,
        requestLogs: true,
        dnsQueries: observability === "with-dns-queries" ? { vpcId, namespaces: [namespace] } : undefined,
      });
      this.output("dashboard_name", dashboardName, "Name of the dashboard in CloudWatch");
    }
  }

  private repository(scope: Construct, name: string, environment = this.platform.environment): IEcr {
    const id = snakeCase(name);
    const repositoryName = this.platform.qualify(name, "/", environment);
    return environment === this.platform.environment
      ? new Ecr(scope, id, { repositoryName })
      : Ecr.fromRepositoryName(scope, id, repositoryName);
  }

  private serviceOutputs(service: EcsService, ecr: IEcr): void {
    const { serviceName, endpoint } = service;
    const prefix = snakeCase(serviceName);
    this.output(`${prefix}_name`, serviceName, `Name of the ECS service ${serviceName}`);
    this.output(
      `${prefix}_repository_url`,
      ecr.repositoryUrl,
      `Where the image of ${serviceName} is pushed to`,
    );
    this.output(
      `${prefix}_fqdn`,
      endpoint.host,
      `DNS name of ${serviceName}: A records give the addresses of its tasks`,
    );
    this.output(
      `${prefix}_srv`,
      endpoint.host,
      `Name to ask for the SRV records of ${serviceName}, address and port`,
    );
    this.output(`${prefix}_url`, endpoint.url, `Where callers in the VPC reach ${serviceName}`);
  }
}

/**
 * What the images of `apps/` want to be run with. A task goes on serving for as long as its address may be cached, ten
 * seconds in which it is taken out of Cloud Map included, and then completes its last requests.
 */
function containerOf(seconds: {
  readonly ttl: number;
  readonly longestRequest: number;
}): Pick<
  ArticleServiceProps,
  "containerPort" | "environment" | "healthCheck" | "stopTimeout" | "user" | "readonlyRootFilesystem"
> {
  const forRequests = seconds.longestRequest + 5;
  const drain = Math.min(Math.max(seconds.ttl, 0) + 10, MAX_STOP_TIMEOUT - forRequests);
  return {
    containerPort: PORT,
    environment: { PORT: `${PORT}`, DRAIN_SECONDS: `${drain}` },
    // ECS does not look at the image's own
    healthCheck: {
      command: ["CMD", "node", "dist/health-check.js"],
      interval: 10,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    },
    stopTimeout: drain + forRequests,
    user: "1000:1000",
    readonlyRootFilesystem: true,
  };
}
