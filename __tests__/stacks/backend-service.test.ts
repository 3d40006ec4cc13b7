import { BackendServiceStack } from "../../stacks/backend-service";
import { SynthesizedStack } from "../../testing";

describe("the backend service", () => {
  const stack = SynthesizedStack.of((app) => new BackendServiceStack(app, "backend-service"));

  test("is found at app.my-backend-service.aws, address and port, asked for at every call", () => {
    expect(stack.resource("aws_service_discovery_private_dns_namespace.dns_namespace").name).toBe(
      "my-backend-service.aws",
    );
    expect(stack.resource("aws_service_discovery_service.app")).toMatchObject({
      name: "app",
      dns_config: {
        dns_records: [
          { type: "A", ttl: 0 },
          { type: "SRV", ttl: 0 },
        ],
        routing_policy: "MULTIVALUE",
      },
      health_check_custom_config: { failure_threshold: 1 },
    });
    expect(stack.output("app_url")).toBe("http://app.my-backend-service.aws:4000");
  });

  test("registers port 4000 with the tasks", () => {
    expect(stack.resource("aws_ecs_service.app")).toMatchObject({
      launch_type: "FARGATE",
      service_registries: { registry_arn: "${aws_service_discovery_service.app.arn}", port: 4000 },
    });
  });

  test("lets nobody in: whoever may call it is let in where the caller is made", () => {
    expect(stack.openPorts()).toEqual({
      between: [],
      toAddresses: ["app -> 0.0.0.0/0:443"],
      fromAddresses: [],
      oneSided: [],
    });
  });
});
