import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ContainerImage } from "../../modules/core/storage/container-image";
import { DnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { Ecr } from "../../modules/core/storage/ecr";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { Efs } from "../../modules/core/storage/efs";
import { EfsAccessPoint } from "../../modules/core/storage/efs-access-point";
import { Iam } from "../../modules/core/iam/iam";
import { Network } from "../../modules/core/network/network";
import { ServiceDiscovery } from "../../modules/core/cloud-map/service-discovery";
import { CloudMapDns } from "../../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import { StockDataService } from "../../modules/services/article/stock-data-service";
import { BaseStack } from "../../stacks/base-stack";
import { SynthesizedStack, type TerraformFolder } from "../../testing";
import { Bench } from "./harness";

const FOUNDATION = readFileSync(join(__dirname, "existing", "main.tf"), "utf8");

/** What somebody else's configuration gives out. */
interface Existing {
  readonly vpc_id: string;
  readonly subnet_ids: readonly string[];
  readonly namespace_id: string;
  readonly registry_arn: string;
  readonly cluster_arn: string;
  readonly repository_url: string;
  readonly file_system_id: string;
  readonly file_system_security_group_id: string;
  readonly access_point_id: string;
  readonly execution_role_arn: string;
  readonly ledger_security_group_id: string;
}

/** Services that are made of nothing but what is there. */
class Guests extends BaseStack {
  public static in(existing: Existing): SynthesizedStack {
    return SynthesizedStack.of((app) => {
      const stack = new Guests(app, "guests", { backend: { type: "none" } });
      const { vpcId, privateSubnetIds: subnets } = Network.fromNetworkAttributes(stack, "network", {
        vpcId: existing.vpc_id,
        privateSubnetIds: existing.subnet_ids,
      });
      const namespace = DnsNamespace.fromDnsNamespaceAttributes({
        namespaceId: existing.namespace_id,
        namespaceName: "existing.internal",
        vpcId,
      });
      const ecr = Ecr.fromEcrAttributes(stack, { repositoryUrl: existing.repository_url });
      const efs = Efs.fromEfsAttributes(stack, {
        fileSystemId: existing.file_system_id,
        securityGroupId: existing.file_system_security_group_id,
      });
      const common = {
        vpcId,
        subnets,
        ecsCluster: EcsCluster.fromEcsClusterAttributes({ ecsClusterId: existing.cluster_arn }),
        taskExecutionRole: Iam.fromIamAttributes({ ecsTaskExecutionRoleArn: existing.execution_role_arn }),
      };
      const container = (name: string) => ({
        name,
        image: ContainerImage.fromEcr(ecr, "1.0.0"),
        portMappings: [{ containerPort: 80 }],
      });
      const quotes = new EcsService(stack, "quotes", {
        ...common,
        serviceName: "quotes",
        containers: [container("quotes")],
        discovery: new CloudMapDns({ namespace }),
      });
      const accessPoint = EfsAccessPoint.fromEfsAccessPointAttributes(stack, {
        accessPointId: existing.access_point_id,
        fileSystem: efs,
        volumeName: "data",
      });
      quotes.mount(accessPoint, { containerPath: "/data" });
      const registered = new EcsService(stack, "registered", {
        ...common,
        serviceName: "registered",
        containers: [container("registered")],
        discovery: CloudMapDns.registeredIn(
          ServiceDiscovery.fromServiceDiscoveryAttributes({
            registryArn: existing.registry_arn,
            recordTypes: ["A"],
            fqdn: "registered.existing.internal",
            namespace,
          }),
        ),
      });
      quotes.connectTo(registered);
      quotes.connectTo(
        EcsService.fromServiceAttributes(stack, {
          serviceName: "ledger",
          host: "ledger.existing.internal",
          port: 8080,
          securityGroupId: existing.ledger_security_group_id,
        }),
      );
      return stack;
    });
  }

  /** The article's service with the article's inputs: ids alone. */
  public static byIds(existing: Existing): SynthesizedStack {
    return SynthesizedStack.of((app) => {
      const stack = new Guests(app, "article", { backend: { type: "none" } });
      new StockDataService(stack, "stock_service", {
        subnets: existing.subnet_ids,
        vpcId: existing.vpc_id,
        ecsClusterId: existing.cluster_arn,
        efsFileSystemId: existing.file_system_id,
        ecsTaskExecutionRoleArn: existing.execution_role_arn,
        ecrRepositoryUrl: existing.repository_url,
        namespaceId: existing.namespace_id,
      });
      return stack;
    });
  }
}

/** Types of which the stacks make none: theirs are there already. */
const THERE_ALREADY = [
  "aws_vpc",
  "aws_subnet",
  "aws_service_discovery_private_dns_namespace",
  "aws_ecs_cluster",
  "aws_ecr_repository",
  "aws_efs_file_system",
  "aws_efs_mount_target",
  "aws_efs_file_system_policy",
];

describe("services in what is there already", () => {
  let bench: Bench;
  let foundation: TerraformFolder;
  let existing: Existing;

  beforeAll(async () => {
    bench = await Bench.start();
    foundation = bench.folderWith({ "main.tf": FOUNDATION });
    await foundation.apply();
    existing = (await foundation.outputs()) as unknown as Existing;
  });
  afterAll(() => bench.dispose());

  describe.each([
    ["by attributes", (there: Existing) => Guests.in(there)],
    ["by the article's ids", (there: Existing) => Guests.byIds(there)],
  ])("%s", (_, make) => {
    let stack: SynthesizedStack;
    let folder: TerraformFolder;
    beforeAll(() => {
      stack = make(existing);
      folder = bench.folder(stack);
    });

    test.each(THERE_ALREADY)("make no %s", (type) => {
      expect(stack.addresses(type)).toEqual([]);
    });

    test("are deployed, and a second plan is empty", async () => {
      await folder.apply();
      expect((await folder.plan()).changes).toEqual({});
    });

    test("leave what is there as it is", async () => {
      expect((await foundation.plan()).changes).toEqual({});
    });

    test("run in the cluster, from the repository, with the role and the file system that are there", async () => {
      const services = await valuesOf(folder, "aws_ecs_service");
      expect(services.map(({ cluster }) => cluster)).toEqual(services.map(() => existing.cluster_arn));
      const definitions = await valuesOf(folder, "aws_ecs_task_definition");
      expect(definitions).toHaveLength(services.length);
      for (const { container_definitions, execution_role_arn } of definitions) {
        expect(container_definitions).toContain(`"${existing.repository_url}:`);
        expect(execution_role_arn).toBe(existing.execution_role_arn);
      }
      expect(JSON.stringify(definitions)).toContain(`"file_system_id":"${existing.file_system_id}"`);
      const registries = await valuesOf(folder, "aws_service_discovery_service");
      expect(registries).toHaveLength(1);
      registries.forEach(({ namespace_id }) => expect(namespace_id).toBe(existing.namespace_id));
    });

    test("are destroyed, and what was there stays", async () => {
      await folder.destroy();
      expect(await folder.resourcesInState()).toEqual([]);
      const plan = await foundation.plan();
      expect(plan.changes).toEqual({});
      expect(plan.resources.length).toBeGreaterThan(10);
    });
  });

  test("by attributes: registered where it was said, and let in where it was said", () => {
    const stack = Guests.in(existing);
    expect(stack.resource("aws_ecs_service.registered").service_registries).toMatchObject({
      registry_arn: existing.registry_arn,
    });
    expect(stack.openPorts()).toMatchObject({
      between: [
        "quotes -> registered:80",
        `quotes -> ${existing.file_system_security_group_id}:2049`,
        `quotes -> ${existing.ledger_security_group_id}:8080`,
      ].sort(),
      oneSided: [],
    });
  });
});

async function valuesOf(
  folder: TerraformFolder,
  type: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { output } = await folder.run(["show", "-json"], "stdout");
  const { values } = JSON.parse(output) as {
    values: {
      root_module: { resources: { type: string; mode: string; values: Record<string, unknown> }[] };
    };
  };
  return values.root_module.resources
    .filter((resource) => resource.mode === "managed" && resource.type === type)
    .map((resource) => resource.values);
}
