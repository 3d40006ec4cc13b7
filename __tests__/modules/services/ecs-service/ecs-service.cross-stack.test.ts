import { EcsCluster } from "../../../../modules/core/compute/ecs-cluster";
import { Iam } from "../../../../modules/core/iam/iam";
import { ContainerImage } from "../../../../modules/core/storage/container-image";
import { Ecr } from "../../../../modules/core/storage/ecr";
import { Efs } from "../../../../modules/core/storage/efs";
import { EfsAccessPoint } from "../../../../modules/core/storage/efs-access-point";
import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import type { EcsService } from "../../../../modules/services/ecs-service/ecs-service";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import { SynthesizedStack } from "../../../../testing";
import { namespaceOf, service, SmallStack, SUBNETS, testApp, VPC, web } from "../../stack-of";

const backend = { backend: { type: "local" } } as const;

describe("a call to a service of another stack", () => {
  const app = testApp();
  const data = new SmallStack(app, "data", backend);
  const site = new SmallStack(app, "site", backend);
  service(site, "signal").connectTo(service(data, "stock"));
  const [caller, callee] = [SynthesizedStack.from(site), SynthesizedStack.from(data)];

  test("has both rules in the caller's stack, and the callee's stack knows nothing of it", () => {
    expect(caller.addresses("aws_vpc_security_group_ingress_rule")).toEqual([
      "aws_vpc_security_group_ingress_rule.signal_to_stock",
    ]);
    expect(caller.addresses("aws_vpc_security_group_egress_rule")).toContain(
      "aws_vpc_security_group_egress_rule.signal_to_stock",
    );
    expect(callee.addresses("aws_vpc_security_group_ingress_rule")).toEqual([]);
    expect(callee.openPorts().between).toEqual([]);
  });

  test("takes the callee's group from the state of the other stack", () => {
    const rule = caller.resource("aws_vpc_security_group_ingress_rule.signal_to_stock");
    expect(rule).toMatchObject({
      security_group_id: expect.stringContaining("data.terraform_remote_state") as string,
      referenced_security_group_id: "${aws_security_group.signal.id}",
    });
    expect(callee.outputs().map((name) => callee.output(name))).toEqual(["${aws_security_group.stock.id}"]);
    expect(site.dependencies).toEqual([data]);
  });

  test("makes the caller wait for what is in its own stack only", () => {
    const { depends_on } = caller.resource("aws_ecs_service.signal") as { depends_on: string[] };
    depends_on.forEach((address) => expect(caller.addresses()).toContain(address));
    expect(depends_on).toContain("aws_vpc_security_group_ingress_rule.signal_to_stock");
  });

  test("is refused in words where the other stack's state cannot be read, because it has no backend", () => {
    const app = testApp();
    const [one, two] = [new SmallStack(app, "one"), new SmallStack(app, "two")];
    service(two, "signal").connectTo(service(one, "stock"));
    expect(() => SynthesizedStack.from(two)).toThrow(/backend/);
  });
});

describe("what a stack has for the services of others", () => {
  /** Synthesizes a stack with shared things and one with a service that uses them; the second comes back. */
  const sharing = (
    share: (shared: SmallStack) => Partial<EcsServiceProps>,
    use: (stock: EcsService, own: SmallStack, shared: SmallStack) => void = () => undefined,
  ): { own: SmallStack; synthesized: SynthesizedStack } => {
    const app = testApp();
    const [shared, own] = [new SmallStack(app, "shared", backend), new SmallStack(app, "own", backend)];
    use(service(own, "stock", share(shared)), own, shared);
    SynthesizedStack.from(shared);
    return { own, synthesized: SynthesizedStack.from(own) };
  };

  test("may be cluster, namespace and repository; the service waits for nothing that is not in its own stack", () => {
    const { own, synthesized } = sharing((shared) => ({
      ecsCluster: new EcsCluster(shared, "cluster", { clusterName: "platform", executeCommandLogging: {} }),
      capacity: [{ capacityProvider: "FARGATE_SPOT" }],
      enableExecuteCommand: true,
      discovery: new CloudMapDns({ namespace: namespaceOf(shared) }),
      containers: [
        web({ image: ContainerImage.fromEcr(new Ecr(shared, "ecr", { repositoryName: "stock" }), "1") }),
      ],
    }));
    const { depends_on } = synthesized.resource("aws_ecs_service.stock") as { depends_on: string[] };
    expect(depends_on.filter((address) => !synthesized.addresses().includes(address))).toEqual([]);
    expect(depends_on).toContain("aws_iam_role_policy.stock_task_role");
    expect(own.dependencies.map(({ node }) => node.id)).toEqual(["shared"]);
  });

  const outcome = (synthesize: () => unknown): string => {
    try {
      synthesize();
      return "works";
    } catch (error) {
      return String(error);
    }
  };

  test("may be the execution role, or the refusal says what to do instead: its policy names the service's logs", () => {
    const shared = outcome(() => sharing((stack) => ({ taskExecutionRole: new Iam(stack, "iam") })));
    expect(shared).toMatch(/^works$|mend:/);
  });

  test("may be the file system, or the refusal says what to do instead: its policy names the service's role", () => {
    const shared = outcome(() =>
      sharing(
        () => ({}),
        (stock, own, stack) => {
          const fileSystem = new Efs(stack, "efs", { vpcId: VPC, subnets: SUBNETS });
          stock.mount(new EfsAccessPoint(own, "data", { fileSystem, path: "/data" }), {
            containerPath: "/data",
          });
        },
      ),
    );
    expect(shared).toMatch(/^works$|mend:/);
  });
});
