import { HttpNamespace } from "../../../../modules/core/cloud-map/http-namespace";
import { LoadBalancer } from "../../../../modules/core/load-balancing/load-balancer";
import { Efs } from "../../../../modules/core/storage/efs";
import { EfsAccessPoint } from "../../../../modules/core/storage/efs-access-point";
import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import { LoadBalanced } from "../../../../modules/services/discovery/load-balanced";
import { ServiceConnect } from "../../../../modules/services/discovery/service-connect";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import type { SynthesizedStack } from "../../../../testing";
import { bridged, groundIn, instancesIn, onInstances, type Ground } from "../../ec2";
import { NAMESPACE, refusalOf, service, stackOf, SUBNETS, VPC, type SmallStack } from "../../stack-of";

type Props = Partial<EcsServiceProps>;
const byDns = (): Props => ({ discovery: new CloudMapDns({ namespace: NAMESPACE }) });
const open = (fill: (stack: SmallStack, ground: Ground) => void): readonly string[] => {
  const { between, oneSided } = stackOf((stack) => fill(stack, groundIn(stack))).openPorts();
  expect(oneSided).toEqual([]);
  return between;
};
const rulesOf = (stack: SynthesizedStack): string[] => stack.addresses("aws_vpc_security_group_ingress_rule");
const behind = (loadBalancer: LoadBalancer, host: string): Props => ({
  discovery: new LoadBalanced({ loadBalancer, host }),
});
const loadBalancerIn = (stack: SmallStack): LoadBalancer =>
  new LoadBalancer(stack, "internal", { vpcId: VPC, subnets: SUBNETS });

describe("who calls a bridge service", () => {
  test("may connect to the ports that its instances give out", () => {
    const between = open((stack, ground) => {
      service(stack, "site").connectTo(bridged(stack, ground, "orders", byDns()));
    });
    expect(between).toEqual(["site -> instances:32768-65535"]);
  });

  test("may connect to the port of the instances that is given, and to no other", () => {
    const between = open((stack, ground) => {
      service(stack, "site").connectTo(bridged(stack, ground, "orders", { ...byDns(), hostPort: 8000 }));
    });
    expect(between).toEqual(["site -> instances:8000"]);
  });

  test("has one rule for all services on the instances, called after these whichever is called first", () => {
    const addresses = (...names: string[]): string[] =>
      rulesOf(
        stackOf((stack) => {
          const ground = groundIn(stack);
          const site = service(stack, "site");
          names.forEach((name) => site.connectTo(bridged(stack, ground, name, byDns())));
        }),
      );
    expect(addresses("orders", "stock")).toEqual(["aws_vpc_security_group_ingress_rule.site_to_instances"]);
    expect(addresses("stock", "orders")).toEqual(addresses("orders", "stock"));
  });

  test("opens nothing by being made", () => {
    expect(open((stack, ground) => void bridged(stack, ground, "orders", byDns()))).toEqual([]);
  });
});

describe("a bridge service that calls", () => {
  test("connects from its instance", () => {
    const between = open((stack, ground) => {
      bridged(stack, ground, "orders").connectTo(service(stack, "stock"));
    });
    expect(between).toEqual(["instances -> stock:80"]);
  });

  test("shares the rule with others on the instances that call the same: EC2 would refuse a second one", () => {
    const addresses = (...names: string[]): string[] =>
      rulesOf(
        stackOf((stack) => {
          const ground = groundIn(stack);
          const stock = service(stack, "stock");
          names.forEach((name) => bridged(stack, ground, name).connectTo(stock));
        }),
      );
    expect(addresses("orders", "site")).toEqual(["aws_vpc_security_group_ingress_rule.instances_to_stock"]);
    expect(addresses("site", "orders")).toEqual(addresses("orders", "site"));
  });

  test("waits for the rule, whoever opened it", () => {
    const stack = stackOf((stack) => {
      const ground = groundIn(stack);
      const stock = service(stack, "stock");
      ["orders", "site"].forEach((name) => bridged(stack, ground, name).connectTo(stock));
    });
    for (const name of ["orders", "site"]) {
      expect(stack.resource(`aws_ecs_service.${name}`).depends_on).toEqual(
        expect.arrayContaining([
          "aws_vpc_security_group_egress_rule.instances_to_stock",
          "aws_vpc_security_group_ingress_rule.instances_to_stock",
        ]),
      );
    }
  });

  test("has rules called after its callees, whatever their names have in common", () => {
    const stack = stackOf((stack) => {
      const ground = groundIn(stack);
      const orders = bridged(stack, ground, "orders");
      ["stock-eu", "stock"].forEach((name) => orders.connectTo(service(stack, name)));
    });
    expect(rulesOf(stack)).toEqual(
      ["stock", "stock_eu"].map((name) => `aws_vpc_security_group_ingress_rule.instances_to_${name}`),
    );
  });

  test("opens two ports of one callee for two ways in", () => {
    const between = open((stack, ground) => {
      const stock = service(stack, "stock");
      const { serviceName, securityGroupId, endpoint } = stock;
      const entrance = { securityGroupId, port: 81 };
      const other = { serviceName, securityGroupId, endpoint, entrance };
      const orders = bridged(stack, ground, "orders");
      orders.connectTo(stock);
      orders.connectTo(other, { environment: "OTHER_URL" });
    });
    expect(between).toEqual(["instances -> stock:80", "instances -> stock:81"]);
  });

  test("reaches another one on its own instances, and on others", () => {
    const between = open((stack, ground) => {
      const orders = bridged(stack, ground, "orders");
      orders.connectTo(bridged(stack, ground, "stock", byDns()));
      const others = { ...ground, instances: instancesIn(stack, ground.ecsCluster, "others") };
      orders.connectTo(bridged(stack, others, "prices", byDns()));
    });
    expect(between).toEqual(["instances -> instances:32768-65535", "instances -> others:32768-65535"]);
  });

  test("may call back who calls it", () => {
    const between = open((stack, ground) => {
      const orders = bridged(stack, ground, "orders", byDns());
      const site = service(stack, "site");
      orders.connectTo(site);
      site.connectTo(orders);
    });
    expect(between).toEqual(["instances -> site:80", "site -> instances:32768-65535"]);
  });

  test("leaves a service with an interface of its own on the same instances alone", () => {
    const between = open((stack, ground) => {
      const orders = onInstances(stack, ground, "orders", byDns());
      bridged(stack, ground, "site").connectTo(orders);
      orders.connectTo(service(stack, "stock"));
    });
    expect(between).toEqual(["instances -> orders:8080", "orders -> stock:80"]);
  });

  test("mounts file systems from its instance, two services by one rule", () => {
    const between = open((stack, ground) => {
      const fileSystem = new Efs(stack, "efs", { vpcId: VPC, subnets: SUBNETS });
      for (const name of ["orders", "stock"]) {
        const accessPoint = new EfsAccessPoint(stack, `${name}_data`, { fileSystem, path: `/${name}` });
        bridged(stack, ground, name).mount(accessPoint, { containerPath: "/data" });
      }
    });
    expect(between).toEqual(["instances -> efs:2049"]);
  });

  test("must know the group of a file system that exists already", () => {
    const message = refusalOf((stack) => {
      const fileSystem = Efs.fromEfsAttributes(stack, { fileSystemId: "fs-0123abcd" });
      const accessPoint = new EfsAccessPoint(stack, "data", { fileSystem, path: "/orders" });
      bridged(stack, groundIn(stack), "orders").mount(accessPoint, { containerPath: "/data" });
    });
    expect(message).toContain("small/orders: file system securityGroupId");
  });

  test("may be a client of Service Connect, and no server", () => {
    const namespaceOf = (stack: SmallStack): HttpNamespace =>
      new HttpNamespace(stack, "http_namespace", { namespaceName: "platform" });
    const between = open((stack, ground) => {
      const discovery = new ServiceConnect({ namespace: namespaceOf(stack) });
      bridged(stack, ground, "orders").connectTo(service(stack, "stock", { discovery }));
    });
    expect(between).toEqual(["instances -> stock:80"]);
    const message = refusalOf((stack) => {
      const discovery = new ServiceConnect({ namespace: namespaceOf(stack) });
      bridged(stack, groundIn(stack), "orders", { discovery });
    });
    expect(message).toContain('small/orders: networkMode is "bridge"');
    expect(message).toContain("reach by Service Connect");
  });
});

describe("bridge services behind a load balancer", () => {
  test("are instances to it, and tasks with interfaces of their own are addresses", () => {
    const stack = stackOf((stack) => {
      const ground = groundIn(stack);
      const loadBalancer = loadBalancerIn(stack);
      bridged(stack, ground, "orders", behind(loadBalancer, "orders.example.com"));
      onInstances(stack, ground, "stock", behind(loadBalancer, "stock.example.com"));
    });
    expect(stack.resource("aws_lb_target_group.orders")).toMatchObject({
      target_type: "instance",
      port: 8080,
    });
    expect(stack.resource("aws_lb_target_group.stock")).toMatchObject({ target_type: "ip", port: 8080 });
    expect(stack.openPorts().between).toEqual([
      "internal -> instances:32768-65535",
      "internal -> stock:8080",
    ]);
  });

  test("are reached by one rule, which all of them wait for", () => {
    const stack = stackOf((stack) => {
      const ground = groundIn(stack);
      const loadBalancer = loadBalancerIn(stack);
      for (const name of ["orders", "stock"]) {
        bridged(stack, ground, name, behind(loadBalancer, `${name}.example.com`));
      }
    });
    const rule = "aws_vpc_security_group_ingress_rule.instances_from_internal";
    expect(rulesOf(stack)).toEqual([rule]);
    expect(stack.resource("aws_ecs_service.orders").depends_on).toContain(rule);
    expect(stack.resource("aws_ecs_service.stock").depends_on).toContain(rule);
  });

  test("are reached at the port of the instances that is given, and at no other", () => {
    const between = open((stack, ground) => {
      const loadBalancer = loadBalancerIn(stack);
      const orders = { ...behind(loadBalancer, "orders.example.com"), hostPort: 8000 };
      bridged(stack, ground, "site").connectTo(bridged(stack, ground, "orders", orders));
    });
    expect(between).toEqual(["instances -> internal:80", "internal -> instances:8000"]);
  });
});
