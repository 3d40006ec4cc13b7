import { AuthorizeSecurityGroupIngressCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { TerraformOutput } from "cdktf";
import { clientConfig } from "../../local/aws-client";
import { ContainerImage } from "../../modules/core/storage/container-image";
import { DnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { Efs } from "../../modules/core/storage/efs";
import { Network, type NetworkProps } from "../../modules/core/network/network";
import { CloudMapDns } from "../../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import { BaseStack } from "../../stacks/base-stack";
import { SynthesizedStack, type TerraformFolder } from "../../testing";
import { Bench } from "./harness";

/** A network, and a service and a file system in it. */
class Platform extends BaseStack {
  public static in(props: NetworkProps): SynthesizedStack {
    return SynthesizedStack.of((app) => {
      const stack = new Platform(app, "platform", { backend: { type: "none" } });
      const network = new Network(stack, "network", props);
      const { vpcId, privateSubnetIds: subnets } = network;
      new Efs(stack, "efs", { vpcId, subnets });
      const namespace = new DnsNamespace(stack, "dns_namespace", {
        namespaceName: "platform.internal",
        vpcId,
      });
      new EcsService(stack, "quotes", {
        serviceName: "quotes",
        ecsCluster: new EcsCluster(stack, "ecs_cluster", { clusterName: "platform" }),
        vpcId,
        subnets,
        containers: [
          {
            name: "quotes",
            image: ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27"),
            portMappings: [{ containerPort: 8080 }],
          },
        ],
        discovery: new CloudMapDns({ namespace }),
      });
      new TerraformOutput(stack, "zones", { value: network.availabilityZones });
      new TerraformOutput(stack, "private_subnet_ids", { value: subnets });
      new TerraformOutput(stack, "public_ips", { value: network.natGatewayPublicIps });
      return stack;
    });
  }
}

/** A network that is there already, looked up. */
class Guest extends BaseStack {
  public static lookingUp(vpcId: string, privateSubnetIds: readonly string[]): SynthesizedStack {
    return SynthesizedStack.of((app) => {
      const stack = new Guest(app, "guest", { backend: { type: "none" } });
      const network = Network.fromNetworkAttributes(stack, "network", { vpcId, privateSubnetIds });
      new TerraformOutput(stack, "cidr_block", { value: network.cidrBlock });
      return stack;
    });
  }
}

interface StateResource {
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
}

async function valuesIn(
  folder: TerraformFolder,
  address: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { output } = await folder.run(["show", "-json"], "stdout");
  const { values } = JSON.parse(output) as { values: { root_module: { resources: StateResource[] } } };
  const found = values.root_module.resources.find((resource) => resource.address === address);
  if (found === undefined) throw new Error(`there is no ${address} in the state`);
  return found.values;
}

describe("a network with one NAT gateway, deployed with a platform in it", () => {
  let bench: Bench;
  let folder: TerraformFolder;
  beforeAll(async () => {
    bench = await Bench.start();
    folder = bench.folder(Platform.in({}));
    await folder.apply();
  });
  afterAll(() => bench.dispose());

  test("a second plan is empty", async () => {
    const plan = await folder.plan();
    expect(plan.changes).toEqual({});
    expect(plan.isEmpty).toBe(true);
  });

  test("has its subnets in two zones, and an address that others see", async () => {
    const { zones, private_subnet_ids, public_ips } = await folder.outputs();
    expect(zones).toEqual(["us-east-1a", "us-east-1b"]);
    expect(new Set(private_subnet_ids as string[]).size).toBe(2);
    expect(public_ips).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)]);
  });

  test("has a default security group that lets nothing through, and closes it again where somebody opens it", async () => {
    const group = await valuesIn(folder, "aws_default_security_group.network");
    expect(group).toMatchObject({ ingress: [], egress: [] });
    const ec2 = new EC2Client(clientConfig(bench.emulator));
    const everyone = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: group.id as string, IpPermissions: [everyone] }),
    );
    ec2.destroy();
    expect((await folder.plan()).changes).toEqual({ "aws_default_security_group.network": "update" });
    await folder.apply();
    expect((await folder.plan()).isEmpty).toBe(true);
  });

  test("has names for the hosts in it", async () => {
    expect(await valuesIn(folder, "aws_vpc.network")).toMatchObject({
      enable_dns_support: true,
      enable_dns_hostnames: true,
    });
  });

  test("is found by another stack, DNS attributes and all", async () => {
    const { id } = await valuesIn(folder, "aws_vpc.network");
    const { private_subnet_ids } = await folder.outputs();
    const guest = bench.folder(Guest.lookingUp(id as string, private_subnet_ids as string[]));
    await guest.apply();
    expect(await guest.outputs()).toEqual({ cidr_block: "10.0.0.0/16" });
  });

  test("is refused to another stack where its DNS attributes are off", async () => {
    const ec2 = new EC2Client(clientConfig(bench.emulator));
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.8.0.0/16" }));
    ec2.destroy();
    const guest = bench.folder(Guest.lookingUp(Vpc?.VpcId ?? "", ["subnet-0123456789abcdef0"]));
    const { exitCode, output } = await guest.tryPlan();
    expect(exitCode).not.toBe(0);
    expect(output).toContain("enable_dns_hostnames off");
    expect(output).not.toContain("enable_dns_support off");
  });

  test("gets a third zone without a change to what is there but what lists the subnets", async () => {
    folder.update(Platform.in({ availabilityZones: 3 }));
    const changes = Object.entries((await folder.plan()).changes);
    expect(changes.filter(([, action]) => action !== "create")).toEqual([
      ["aws_ecs_service.quotes", "update"],
    ]);
    await folder.apply();
    expect((await folder.plan()).changes).toEqual({});
  });

  test("gets a NAT gateway for each zone, and only the routes of the others change", async () => {
    folder.update(Platform.in({ availabilityZones: 3, natGateways: "one-per-zone" }));
    expect((await folder.plan()).changes).toEqual({
      "aws_eip.network_nat_1": "create",
      "aws_eip.network_nat_2": "create",
      "aws_nat_gateway.network_1": "create",
      "aws_nat_gateway.network_2": "create",
      "aws_route.network_private_1": "update",
      "aws_route.network_private_2": "update",
    });
    await folder.apply();
    expect((await folder.plan()).changes).toEqual({});
  });

  test("is refused before anything is made in a region that has fewer zones", async () => {
    const large = bench.folder(Platform.in({ availabilityZones: 8 }));
    const { exitCode, output } = await large.tryPlan();
    expect(exitCode).not.toBe(0);
    expect(output.replace(/\s+/g, " ")).toContain("The region has fewer than 8 availability zones");
  });

  test("is destroyed to the last resource", async () => {
    await folder.destroy();
    expect(await folder.resourcesInState()).toEqual([]);
  });
});

describe("a network without NAT gateways and with endpoints, deployed", () => {
  let bench: Bench;
  let folder: TerraformFolder;
  beforeAll(async () => {
    bench = await Bench.start();
    folder = bench.folder(
      Platform.in({
        cidrBlock: "10.9.0.0/20",
        availabilityZones: ["us-east-1a", "us-east-1c"],
        natGateways: "none",
        vpcEndpoints: ["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages"],
      }),
    );
    await folder.apply();
  });
  afterAll(() => bench.dispose());

  test("a second plan is empty", async () => {
    expect((await folder.plan()).isEmpty).toBe(true);
  });

  test("has private subnets without a route out, and endpoints for its region", async () => {
    const resources = await folder.resourcesInState();
    expect(resources.filter((address) => address.startsWith("aws_route."))).toEqual([
      "aws_route.network_public",
    ]);
    expect(await valuesIn(folder, "aws_vpc_endpoint.network_ecr_dkr")).toMatchObject({
      service_name: "com.amazonaws.us-east-1.ecr.dkr",
      vpc_endpoint_type: "Interface",
      private_dns_enabled: true,
    });
    expect(await valuesIn(folder, "aws_vpc_endpoint.network_s3")).toMatchObject({
      service_name: "com.amazonaws.us-east-1.s3",
      vpc_endpoint_type: "Gateway",
    });
  });

  test("is destroyed to the last resource", async () => {
    await folder.destroy();
    expect(await folder.resourcesInState()).toEqual([]);
  });
});
