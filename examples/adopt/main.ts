import { App } from "cdktf";
import {
  acknowledge,
  CloudMapDns,
  ContainerImage,
  DnsNamespace,
  Ecr,
  EcsCluster,
  EcsService,
  Efs,
  EfsAccessPoint,
  Iam,
} from "../../modules";
import { BaseStack } from "../../stacks/base-stack";
import { givenNetwork, type GivenNetwork } from "../../stacks/given-network";
import { imageTagVariable } from "../../stacks/variables";

/** What `npm run adopt` printed: attributes that AWS cannot change, as the article's HCL left them. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  "aws_efs_file_system.efs": ["encrypted"],
  "aws_iam_role.ecs_task_execution_role": ["name_prefix"],
  "aws_iam_role_policy.ecs_task_execution_role": ["name_prefix"],
  "aws_service_discovery_service.stock_service": ["health_check_custom_config"],
  "aws_service_discovery_service.signal_processing_service": ["health_check_custom_config"],
};

/** An adopted deployment of the article, with its own images and with its data where they are. */
class AdoptedPlatform extends BaseStack {
  public constructor(app: App) {
    super(app, "trading-platform");
    const network = givenNetwork(this);
    const { vpcId, subnets } = network;
    const namespace = new DnsNamespace(this, "dns_namespace", {
      namespaceName: "trading-platform.local",
      vpcId,
    });
    acknowledge(namespace, "cloud-map-namespace-local");
    const shared = {
      network,
      namespace,
      ecsCluster: new EcsCluster(this, "ecs_cluster", { clusterName: "trading-platform" }),
      efs: new Efs(this, "efs", { vpcId, subnets, throughputMode: "bursting" }),
      iam: new Iam(this, "iam"),
    };
    const stock = this.service("stock_service", shared);
    const signal = this.service("signal_processing_service", shared);
    signal.connectTo(stock, { environment: "STOCK_SERVICE_URL" });

    for (const [address, attributes] of Object.entries(KEPT))
      this.addOverride(`resource.${address}.lifecycle.ignore_changes`, attributes);
  }

  private service(id: string, { network, namespace, ecsCluster, efs, iam }: Shared): EcsService {
    const serviceName = id.replaceAll("_", "-");
    const ecr = new Ecr(this, `${id}_ecr`, { repositoryName: serviceName });
    const service = new EcsService(this, id, {
      ...network,
      serviceName,
      ecsCluster,
      taskExecutionRole: iam,
      containers: [
        {
          name: serviceName,
          image: ContainerImage.fromEcr(ecr, imageTagVariable(this, id).stringValue),
          portMappings: [{ containerPort: 80 }],
          healthCheck: {
            command: [
              "CMD-SHELL",
              `python -c "import urllib.request; urllib.request.urlopen('http://localhost/health')"`,
            ],
          },
        },
      ],
      discovery: new CloudMapDns({ namespace, recordTypes: ["A", "SRV"], ttl: 60 }),
    });
    // the root of the file system, as the article's tasks see it, and its owner
    const accessPoint = new EfsAccessPoint(service, "data", { fileSystem: efs, path: "/", uid: 0, gid: 0 });
    acknowledge(accessPoint, "efs-root-user");
    service.mount(accessPoint, { containerPath: "/data" });
    return service;
  }
}

interface Shared {
  readonly network: GivenNetwork;
  readonly namespace: DnsNamespace;
  readonly ecsCluster: EcsCluster;
  readonly efs: Efs;
  readonly iam: Iam;
}

const app = new App({ outdir: `${__dirname}/cdktf.out` });
new AdoptedPlatform(app);
app.synth();
