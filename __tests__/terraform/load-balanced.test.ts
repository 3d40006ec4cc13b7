import { TerraformVariable, type App } from "cdktf";
import { ContainerImage } from "../../modules/core/storage/container-image";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { LoadBalancer } from "../../modules/core/load-balancing/load-balancer";
import { PrivateZone } from "../../modules/core/cloud-map/private-zone";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import type { IDiscovery } from "../../modules/services/discovery/discovery";
import { LoadBalanced } from "../../modules/services/discovery/load-balanced";
import { BaseStack } from "../../stacks/base-stack";
import { createNetwork, type Network } from "../../local/network";
import { callJson } from "../../local/tasks/emulator-call";
import { SynthesizedStack, type TerraformFolder, type Variables } from "../../testing";
import { Bench } from "./harness";

interface Shop {
  /** The port of payments. */
  readonly port?: number;
  /** A third service behind the internal load balancer, whose host sorts before the others. */
  readonly withAccounts?: boolean;
  /** Of the load balancer that faces the internet. */
  readonly certificateArn?: string;
}

/** The internet -> products -> payments and orders, which share an internal load balancer. */
class ShopStack extends BaseStack {
  public static with(shop: Shop = {}): SynthesizedStack {
    return SynthesizedStack.of((app) => new ShopStack(app, shop));
  }

  private readonly vpcId = new TerraformVariable(this, "vpc_id", { type: "string" }).stringValue;
  private readonly subnets = new TerraformVariable(this, "subnets", { type: "list(string)" }).listValue;
  private readonly ecsCluster = new EcsCluster(this, "ecs_cluster", { clusterName: "shop" });

  private constructor(app: App, { port = 5000, withAccounts = false, certificateArn }: Shop) {
    super(app, "shop", { backend: { type: "none" } });
    const { vpcId, subnets } = this;
    const internal = new LoadBalancer(this, "internal", { vpcId, subnets });
    const zone = new PrivateZone(this, "zone", { zoneName: "shop.internal", vpcId });
    const shared = new LoadBalanced({ loadBalancer: internal, zone });
    const payments = this.service("payments", shared, port);
    const orders = this.service("orders", shared, 8080);
    if (withAccounts) this.service("accounts", shared, 8080);

    const scheme = "internet-facing";
    const loadBalancer = new LoadBalancer(this, "public", { scheme, vpcId, subnets, certificateArn });
    const healthCheck = { path: "/health", matcher: "200-399" };
    const host = certificateArn === undefined ? {} : { host: "shop.example.com" };
    const products = this.service("products", new LoadBalanced({ loadBalancer, ...host, healthCheck }), 80);
    products.connectTo(payments);
    products.connectTo(orders);
  }

  private service(name: string, discovery: IDiscovery, containerPort: number): EcsService {
    const image = ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27");
    return new EcsService(this, name, {
      serviceName: name,
      ecsCluster: this.ecsCluster,
      vpcId: this.vpcId,
      subnets: this.subnets,
      containers: [{ name, image, portMappings: [{ containerPort }] }],
      discovery,
    });
  }
}

async function certificateFor(DomainName: string, { emulator }: Bench): Promise<string> {
  const target = "CertificateManager.RequestCertificate";
  const answer = await callJson(emulator.endpoint, "acm", target, { DomainName });
  return (answer as { CertificateArn: string }).CertificateArn;
}

describe("services behind load balancers, deployed", () => {
  let bench: Bench;
  let folder: TerraformFolder;
  let variables: Variables;
  let { vpcId, subnetIds }: Network = { vpcId: "", subnetIds: [] };
  let certificateArn: string;
  beforeAll(async () => {
    bench = await Bench.start();
    certificateArn = await certificateFor("shop.example.com", bench);
    ({ vpcId, subnetIds } = await createNetwork(bench.emulator));
    variables = { vpc_id: vpcId, subnets: subnetIds };
    folder = bench.folder(ShopStack.with());
  });
  afterAll(() => bench.dispose());

  test("are applied, all names being what AWS takes", async () => {
    await folder.apply(variables);
    expect(await folder.resourcesInState()).toEqual(
      expect.arrayContaining([
        "aws_ecs_service.orders",
        "aws_ecs_service.payments",
        "aws_ecs_service.products",
        "aws_lb.internal",
        "aws_lb.public",
        "aws_lb_listener.internal_http",
        "aws_lb_listener.public_http",
        "aws_lb_listener_rule.orders",
        "aws_lb_listener_rule.payments",
        "aws_lb_target_group.orders",
        "aws_lb_target_group.payments",
        "aws_lb_target_group.products",
        "aws_route53_record.orders",
        "aws_route53_record.payments",
        "aws_route53_zone.zone",
      ]),
    );
  });

  test("change nothing in a second plan", async () => {
    expect((await folder.plan(variables)).changes).toEqual({});
  });

  test("go over to HTTPS beside the listener on port 80, which redirects from then on", async () => {
    folder.update(ShopStack.with({ certificateArn }));
    expect((await folder.plan(variables)).changes).toEqual({
      "aws_lb_listener.public_http": "update",
      "aws_lb_listener.public_https": "create",
      "aws_lb_listener_rule.products": "create",
      "aws_vpc_security_group_ingress_rule.public_https_from_anywhere": "create",
    });
    await folder.apply(variables);
    const listeners = (await folder.plan(variables)).resources.filter(
      ({ type }) => type === "aws_lb_listener",
    );
    expect(listeners.map(({ values }) => values)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ port: 443, protocol: "HTTPS", certificate_arn: certificateArn }),
        expect.objectContaining({
          port: 80,
          protocol: "HTTP",
          default_action: [expect.objectContaining({ type: "redirect" })],
        }),
      ]),
    );
    expect((await folder.plan(variables)).changes).toEqual({});
  });

  test("are left alone by a service that comes to share their load balancer", async () => {
    folder.update(ShopStack.with({ certificateArn, withAccounts: true }));
    const changes = Object.entries((await folder.plan(variables)).changes);
    expect(changes.filter(([, action]) => action !== "create")).toEqual([]);
    expect(changes.map(([address]) => address)).toEqual(
      expect.arrayContaining(["aws_lb_listener_rule.accounts", "aws_lb_target_group.accounts"]),
    );
  });

  test("get a new target group before the rule lets go of the old one, when the port changes", async () => {
    folder.update(ShopStack.with({ certificateArn, port: 5001 }));
    expect((await folder.plan(variables)).changes).toMatchObject({
      "aws_ecs_service.payments": "update",
      "aws_lb_target_group.payments": "replace",
      "aws_lb_listener_rule.payments": "update",
    });
    // not the service: the emulator sees that a target group is on a listener only when the rule is made
    const target = "-target=aws_lb_listener_rule.payments";
    const values = [`-var=vpc_id=${vpcId}`, `-var=subnets=${JSON.stringify(subnetIds)}`];
    const { exitCode, output } = await folder.run(["apply", "-auto-approve", "-no-color", target, ...values]);
    expect([exitCode, output]).toEqual([0, expect.stringContaining("Resources: 1 added, 1 changed")]);
  });

  test("are destroyed to the last resource", async () => {
    await folder.destroy(variables);
    expect(await folder.resourcesInState()).toEqual([]);
  });
});
