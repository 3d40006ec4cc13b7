import { Efs } from "../../../../modules/core/storage/efs";
import { EfsAccessPoint } from "../../../../modules/core/storage/efs-access-point";
import { refusalOf, service, stackOf, statementsOf, web, type SmallStack } from "../../stack-of";

const mountImported = (stack: SmallStack, volumeName = "quotes"): void => {
  const fileSystem = Efs.fromEfsAttributes(stack, {
    fileSystemId: "fs-0123456789abcdef0",
    securityGroupId: "sg-0123abcd",
  });
  const accessPoint = EfsAccessPoint.fromEfsAccessPointAttributes(stack, {
    accessPointId: "fsap-0123456789abcdef0",
    fileSystem,
    volumeName,
  });
  service(stack, "stock", { containers: [web()] }).mount(accessPoint, { containerPath: "/data" });
};

describe("an access point that exists already", () => {
  const stack = stackOf((stack) => mountImported(stack));

  test("is mounted by its id, encrypted and with IAM; nothing of EFS is made", () => {
    expect(stack.resource("aws_ecs_task_definition.stock").volume).toEqual([
      {
        name: "quotes",
        efs_volume_configuration: {
          file_system_id: "fs-0123456789abcdef0",
          transit_encryption: "ENABLED",
          authorization_config: { access_point_id: "fsap-0123456789abcdef0", iam: "ENABLED" },
        },
      },
    ]);
    expect(stack.addresses().filter((address) => address.startsWith("aws_efs"))).toEqual([]);
  });

  test("is the only one that the task's role may mount, by the ARN that its id stands for", () => {
    const { Condition } = statementsOf(stack, "aws_iam_role_policy.stock_task_role").MountQuotes ?? {};
    expect(JSON.stringify(Condition)).toMatch(
      /arn:.*:elasticfilesystem:.*:access-point\/fsap-0123456789abcdef0/,
    );
  });

  test("needs a name for its volume that ECS allows", () => {
    expect(refusalOf((stack) => mountImported(stack, "my quotes"))).toContain('volumeName is "my quotes"');
  });
});
