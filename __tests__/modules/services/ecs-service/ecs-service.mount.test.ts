import { Efs } from "../../../../modules/core/storage/efs";
import { EfsAccessPoint } from "../../../../modules/core/storage/efs-access-point";
import type { MountOptions } from "../../../../modules/services/task/task-definition-props";
import {
  containersOf,
  refusalOf,
  service,
  stackOf,
  statementsOf,
  SUBNETS,
  variable,
  VPC,
  web,
  type SmallStack,
} from "../../stack-of";

const efsOf = (stack: SmallStack, id = "efs"): Efs => new Efs(stack, id, { vpcId: VPC, subnets: SUBNETS });
const pointOf = (stack: SmallStack, fileSystem = efsOf(stack), id = "data", path = "/data"): EfsAccessPoint =>
  new EfsAccessPoint(stack, id, { fileSystem, path });
const mounted =
  (options: Partial<MountOptions> = {}) =>
  (stack: SmallStack) => {
    const containers = [web(), web({ name: "sidecar", portMappings: [] })];
    service(stack, "stock", { containers }).mount(pointOf(stack), { containerPath: "/data", ...options });
  };

describe("a mounted access point", () => {
  const stack = stackOf(mounted());

  test("is a volume that is encrypted on its way and opened by the task's own role", () => {
    expect(stack.resource("aws_ecs_task_definition.stock").volume).toEqual([
      {
        name: "data",
        efs_volume_configuration: {
          file_system_id: "${aws_efs_file_system.efs.id}",
          transit_encryption: "ENABLED",
          authorization_config: { access_point_id: "${aws_efs_access_point.data.id}", iam: "ENABLED" },
        },
      },
    ]);
  });

  test("is seen by all containers, and can be written to, unless asked otherwise", () => {
    const mountPoints = [{ sourceVolume: "data", containerPath: "/data", readOnly: false }];
    expect(containersOf(stack, "stock")).toMatchObject([{ mountPoints }, { mountPoints }]);
  });

  test("may be seen by some containers only", () => {
    const [web, sidecar] = containersOf(stackOf(mounted({ containers: ["sidecar"] })), "stock");
    expect(web).not.toHaveProperty("mountPoints");
    expect(sidecar).toHaveProperty("mountPoints");
  });

  test("can be read only where asked to, by the container and by the role", () => {
    const stack = stackOf(mounted({ readOnly: true }));
    expect(containersOf(stack, "stock")[0]?.mountPoints).toMatchObject([{ readOnly: true }]);
    expect(stack.toJson()).not.toContain("ClientWrite");
  });

  test("is granted to the task role, in its policy and in the file system's", () => {
    expect(statementsOf(stack, "aws_iam_role_policy.stock_task_role").MountData).toMatchObject({
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      Resource: "${aws_efs_file_system.efs.arn}",
    });
    expect(statementsOf(stack, "aws_efs_file_system_policy.efs").MountData).toMatchObject({
      Principal: { AWS: "${aws_iam_role.stock_task_role.arn}" },
    });
  });

  test("has its port open from the task to the mount targets and to nothing else", () => {
    expect(stack.openPorts()).toMatchObject({ between: ["stock -> efs:2049"], oneSided: [] });
  });

  test("is there before the first task: mount targets, policies and open ports", () => {
    expect(stack.resource("aws_ecs_service.stock").depends_on).toEqual(
      expect.arrayContaining([
        "aws_efs_mount_target.efs",
        "aws_efs_file_system_policy.efs",
        "aws_iam_role_policy.stock_task_role",
        "aws_vpc_security_group_egress_rule.stock_to_efs",
        "aws_vpc_security_group_ingress_rule.stock_to_efs",
      ]),
    );
  });

  test.each(["data", "", "./data"])("cannot be mounted at %p", (containerPath) => {
    expect(refusalOf(mounted({ containerPath }))).toContain("mount containerPath");
  });

  test("cannot be mounted into a container that the task does not have", () => {
    expect(refusalOf(mounted({ containers: ["proxy"] }))).toMatch(
      /mount containers is "proxy"[^]*web, sidecar/,
    );
  });
});

describe("several mounts", () => {
  const two =
    (mount: (stack: SmallStack, fileSystem: Efs) => [EfsAccessPoint, EfsAccessPoint]) =>
    (stack: SmallStack) => {
      const stock = service(stack, "stock");
      const [first, second] = mount(stack, efsOf(stack));
      stock.mount(first, { containerPath: "/one" });
      stock.mount(second, { containerPath: "/two" });
    };

  test("of one access point are one volume and one open port", () => {
    const stack = stackOf(two((stack, efs) => [pointOf(stack, efs), pointOf(stack, efs, "unused")]));
    const twice = stackOf(
      two((stack, efs) => {
        const point = pointOf(stack, efs);
        return [point, point];
      }),
    );
    expect(twice.resource("aws_ecs_task_definition.stock").volume).toHaveLength(1);
    expect(containersOf(twice, "stock")[0]?.mountPoints).toHaveLength(2);
    expect(stack.openPorts().between).toEqual(["stock -> efs:2049"]);
  });

  test("of two file systems open both", () => {
    const stack = stackOf(
      two((stack, efs) => [pointOf(stack, efs), pointOf(stack, efsOf(stack, "archive"), "old", "/old")]),
    );
    expect(stack.openPorts().between).toEqual(["stock -> archive:2049", "stock -> efs:2049"]);
    expect(stack.resource("aws_ecs_task_definition.stock").volume).toHaveLength(2);
  });

  test("never are two volumes of one name: two file systems may have the same path", () => {
    const stack = stackOf(
      two((stack, efs) => [pointOf(stack, efs), pointOf(stack, efsOf(stack, "archive"), "old", "/data")]),
    );
    const { volume } = stack.resource("aws_ecs_task_definition.stock") as { volume: { name: string }[] };
    expect(new Set(volume.map(({ name }) => name)).size).toBe(2);
  });

  test("never are two at one place of a container", () => {
    const message = refusalOf((stack) => {
      const stock = service(stack, "stock");
      const efs = efsOf(stack);
      stock.mount(pointOf(stack, efs), { containerPath: "/data" });
      stock.mount(pointOf(stack, efs, "other", "/other"), { containerPath: "/data" });
    });
    expect(message).toContain("containerPath");
  });

  test("may be two at one place of different containers", () => {
    const stack = stackOf((stack) => {
      const containers = [web(), web({ name: "sidecar", portMappings: [] })];
      const stock = service(stack, "stock", { containers });
      const efs = efsOf(stack);
      stock.mount(pointOf(stack, efs), { containerPath: "/data", containers: ["web"] });
      stock.mount(pointOf(stack, efs, "other", "/other"), {
        containerPath: "/data",
        containers: ["sidecar"],
      });
    });
    const places = containersOf(stack, "stock").map(({ mountPoints }) => mountPoints);
    expect(places).toMatchObject([[{ sourceVolume: "data" }], [{ sourceVolume: "other" }]]);
  });

  test("never are two at one place where one of them is seen by all containers", () => {
    const message = refusalOf((stack) => {
      const stock = service(stack, "stock");
      const efs = efsOf(stack);
      stock.mount(pointOf(stack, efs), { containerPath: "/data", containers: ["web"] });
      stock.mount(pointOf(stack, efs, "other", "/other"), { containerPath: "/data" });
    });
    expect(message).toContain("mount containerPath");
  });
});

describe("a file system that exists already", () => {
  const imported = (securityGroupId?: string) =>
    stackOf((stack) => {
      const stock = service(stack, "stock");
      for (const id of ["one", "two"]) {
        const fileSystem = Efs.fromEfsAttributes(stack, { fileSystemId: `fs-${id}`, securityGroupId });
        stock.mount(new EfsAccessPoint(stack, id, { fileSystem, path: "/data" }), {
          containerPath: `/${id}`,
        });
      }
    });

  test("lets the tasks in where its group is known", () => {
    expect(imported("sg-0123abcd").openPorts().between).toEqual(["stock -> sg-0123abcd:2049"]);
  });

  test("has its port open on the task's side where its group is not known: only this stack can open that side", () => {
    expect(imported().openPorts()).toEqual({
      between: [],
      fromAddresses: [],
      oneSided: [],
      toAddresses: ["stock -> 0.0.0.0/0:2049", "stock -> 0.0.0.0/0:443"],
    });
    expect(imported().resource("aws_ecs_service.stock").depends_on).toContain(
      "aws_vpc_security_group_egress_rule.stock_to_efs",
    );
  });

  test("behind a group that is known to Terraform only is opened once, though its id is read twice", () => {
    const stack = stackOf((stack) => {
      const group = variable(stack, "efs_group");
      const stock = service(stack, "stock");
      for (const id of ["one", "two"]) {
        const attributes = { fileSystemId: `fs-${id}`, securityGroupId: group.stringValue };
        const fileSystem = Efs.fromEfsAttributes(stack, attributes);
        stock.mount(new EfsAccessPoint(stack, id, { fileSystem, path: `/${id}` }), {
          containerPath: `/${id}`,
        });
      }
    });
    expect(stack.addresses("aws_vpc_security_group_ingress_rule")).toHaveLength(1);
  });
});
