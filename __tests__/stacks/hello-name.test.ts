import { HelloNameStack } from "../../stacks/hello-name";
import { SynthesizedStack } from "../../testing";

describe("hello and name", () => {
  const stack = SynthesizedStack.of((app) => new HelloNameStack(app, "hello-name"));
  const container = (service: string): { image: string; environment?: unknown } =>
    (stack.json(`aws_ecs_task_definition.${service}`, "container_definitions") as [{ image: string }])[0];

  test("run the sample images", () => {
    expect(container("name").image).toBe("public.ecr.aws/ecs-sample-image/name-server");
    expect(container("hello").image).toBe("public.ecr.aws/ecs-sample-image/hello-server:node");
  });

  test("find each other at name.internal, by address alone", () => {
    expect(container("hello").environment).toEqual([
      { name: "NAME_SERVER", value: "http://name.internal:3000/" },
    ]);
    expect(stack.resource("aws_service_discovery_service.name").dns_config).toMatchObject({
      dns_records: [{ type: "A", ttl: 0 }],
    });
    expect(stack.resource("aws_ecs_service.name").service_registries).toEqual({
      registry_arn: "${aws_service_discovery_service.name.arn}",
    });
  });

  test("are open to the world at the load balancer and nowhere else", () => {
    expect(stack.openPorts()).toEqual({
      between: ["hello -> name:3000", "ingress -> hello:3000"],
      fromAddresses: ["0.0.0.0/0 -> ingress:80"],
      toAddresses: ["hello -> 0.0.0.0/0:443", "name -> 0.0.0.0/0:443"],
      oneSided: [],
    });
  });

  test("can both be scaled", () => {
    expect(stack.variable("hello_desired_count")).toMatchObject({ type: "number", default: 2 });
    expect(stack.variable("name_desired_count")).toMatchObject({ type: "number", default: 2 });
  });
});
