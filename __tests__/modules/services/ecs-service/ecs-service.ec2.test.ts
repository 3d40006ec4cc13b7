import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import type { SynthesizedStack } from "../../../../testing";
import { bridged, groundIn, instancesIn, onInstances } from "../../ec2";
import {
  containersOf,
  NAMESPACE,
  refusalOf,
  REGISTRY_ARN,
  service,
  stackOf,
  SUBNETS,
  VPC,
  web,
} from "../../stack-of";

type Props = Partial<EcsServiceProps>;
const awsvpc = (props: Props = {}): SynthesizedStack =>
  stackOf((stack) => void onInstances(stack, groundIn(stack), "orders", props));
const bridge = (props: Props = {}): SynthesizedStack =>
  stackOf((stack) => void bridged(stack, groundIn(stack), "orders", props));
const refusedBridge = (props: Props): string =>
  refusalOf((stack) => void bridged(stack, groundIn(stack), "orders", props));

describe("a task with an interface of its own, on an instance", () => {
  test("has a group of its own and the subnets of the instances", () => {
    expect(awsvpc().resource("aws_ecs_service.orders").network_configuration).toEqual({
      subnets: SUBNETS,
      security_groups: ["${aws_security_group.orders.id}"],
      assign_public_ip: false,
    });
    expect(awsvpc().resource("aws_security_group.orders").vpc_id).toBe(VPC);
  });

  test("may lie in other subnets and VPCs than the instances", () => {
    const [subnet = ""] = SUBNETS;
    const stack = awsvpc({ subnets: [subnet], vpcId: "vpc-0123abcd" });
    expect(stack.resource("aws_ecs_service.orders").network_configuration).toMatchObject({
      subnets: [subnet],
    });
    expect(stack.resource("aws_security_group.orders").vpc_id).toBe("vpc-0123abcd");
  });

  test("is defined for EC2, with all that Fargate's have", () => {
    expect(awsvpc().resource("aws_ecs_task_definition.orders")).toMatchObject({
      requires_compatibilities: ["EC2"],
      network_mode: "awsvpc",
      cpu: "256",
      memory: "512",
      runtime_platform: { cpu_architecture: "X86_64" },
    });
  });

  test("may be of a size that Fargate does not offer", () => {
    expect(awsvpc({ cpu: 300, memory: 700 }).resource("aws_ecs_task_definition.orders")).toMatchObject({
      cpu: "300",
      memory: "700",
    });
  });

  test.each<[string, Props]>([
    ["cpu is 127", { cpu: 127 }],
    ["cpu is 196609", { cpu: 196609 }],
    ["memory is 5", { memory: 5 }],
    ["ephemeralStorageGib is 50", { ephemeralStorageGib: 50 }],
  ])("is refused where %s", (message, props) => {
    expect(refusalOf((stack) => void onInstances(stack, groundIn(stack), "orders", props))).toContain(
      `small/orders/task_definition: ${message}`,
    );
  });

  test.each<[string, Props]>([
    ["assignPublicIp is true", { assignPublicIp: true }],
    ["hostPort is 8080", { hostPort: 8080 }],
  ])("is refused where %s", (message, props) => {
    expect(refusalOf((stack) => void onInstances(stack, groundIn(stack), "orders", props))).toContain(
      `small/orders: ${message}`,
    );
  });
});

describe("a task behind the ports of its instance", () => {
  test("has no network of its own", () => {
    expect(bridge().resource("aws_ecs_service.orders")).not.toHaveProperty("network_configuration");
    expect(bridge().addresses("aws_security_group")).toEqual(["aws_security_group.instances"]);
    expect(bridge().resource("aws_ecs_task_definition.orders")).toMatchObject({
      requires_compatibilities: ["EC2"],
      network_mode: "bridge",
    });
  });

  test("gets a free port of the instance, or the one that is given", () => {
    const mappings = (stack: SynthesizedStack): unknown => containersOf(stack, "orders")[0]?.portMappings;
    expect(mappings(bridge())).toEqual([{ containerPort: 8080, protocol: "tcp" }]);
    expect(mappings(bridge({ hostPort: 80 }))).toEqual([
      { containerPort: 8080, hostPort: 80, protocol: "tcp" },
    ]);
  });

  test("may have two containers that listen on one port: each has an interface of its own", () => {
    const containers = ["a", "b"].map((name) => web({ name, portMappings: [{ containerPort: 80 }] }));
    expect(containersOf(bridge({ containers }), "orders")).toHaveLength(2);
    expect(
      refusalOf((stack) => void onInstances(stack, groundIn(stack), "orders", { containers })),
    ).toContain("containers portMappings");
  });

  test.each([0, 1.5, 22, 2375, 32768, 51678, 65536])("cannot have the port %d", (hostPort) => {
    expect(refusedBridge({ hostPort })).toContain(`small/orders: hostPort is ${hostPort}`);
  });
  test.each([1, 32767])("may have the port %d", (hostPort) => void bridge({ hostPort }));

  test.each<[string, Props]>([
    ["subnets", { subnets: SUBNETS }],
    ["securityGroups", { securityGroups: ["sg-0123abcd"] }],
    ["httpsEgressCidrBlocks", { httpsEgressCidrBlocks: ["10.0.0.0/8"] }],
    ["assignPublicIp", { assignPublicIp: true }],
  ])("cannot have %s: these are the instance's", (property, props) => {
    const message = refusedBridge(props);
    expect(message).toContain(`small/orders: ${property} is`);
    expect(message).toContain("the Ec2Capacity has its own");
  });

  test("needs instances, and of one kind: it has their group", () => {
    const fargate = refusalOf((stack) => void service(stack, "orders", { networkMode: "bridge" }));
    expect(fargate).toContain('small/orders: networkMode is "bridge"');
    const two = refusalOf((stack) => {
      const ground = groundIn(stack);
      const other = instancesIn(stack, ground.ecsCluster, "other");
      const capacity = [{ capacityProvider: ground.instances }, { capacityProvider: other }];
      bridged(stack, ground, "orders", { capacity });
    });
    expect(two).toContain('small/orders: networkMode is "bridge"');
  });
});

test("a service on Fargate must be given subnets", () => {
  const message = refusalOf((stack) => void service(stack, "orders", { subnets: undefined }));
  expect(message).toContain("small/orders: subnets is not given");
});

describe("a bridge service that is found by DNS", () => {
  const found = (props: Props = {}, options = {}): SynthesizedStack =>
    stackOf((stack) => {
      const discovery = new CloudMapDns({ namespace: NAMESPACE, ...options });
      const orders = bridged(stack, groundIn(stack), "orders", { discovery, ...props });
      service(stack, "site", { discovery: undefined }).connectTo(orders);
    });
  const url = (stack: SynthesizedStack): unknown => containersOf(stack, "site")[0]?.environment;

  test("has SRV records alone, and registers the port of the instance by its container", () => {
    expect(found().resource("aws_service_discovery_service.orders").dns_config).toMatchObject({
      dns_records: [{ type: "SRV" }],
    });
    expect(found().resource("aws_ecs_service.orders").service_registries).toEqual({
      registry_arn: "${aws_service_discovery_service.orders.arn}",
      container_name: "web",
      container_port: 8080,
    });
  });

  test("has no port in its URL, because each task has another one, unless one is given", () => {
    expect(url(found())).toEqual([{ name: "ORDERS_URL", value: "http://orders.platform.internal" }]);
    expect(url(found({ hostPort: 8000 }))).toEqual([
      { name: "ORDERS_URL", value: "http://orders.platform.internal:8000" },
    ]);
  });

  test.each([[["A"]], [["A", "SRV"]], [["AAAA"]]])("cannot have the records %j", (recordTypes) => {
    const message = refusalOf((stack) => {
      const discovery = new CloudMapDns({ namespace: NAMESPACE, recordTypes: recordTypes as ["A"] });
      bridged(stack, groundIn(stack), "orders", { discovery });
    });
    expect(message).toContain("small/orders: recordTypes is");
    expect(message).toContain("two tasks on an instance have one address");
  });

  test("cannot be registered in an entry with addresses", () => {
    const discovery = CloudMapDns.registeredIn({ registryArn: REGISTRY_ARN, recordTypes: ["A"] });
    expect(refusedBridge({ discovery })).toContain('small/orders: recordTypes is ["A"]');
  });
});
