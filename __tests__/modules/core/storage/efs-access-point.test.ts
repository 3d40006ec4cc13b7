import { TerraformOutput } from "cdktf";
import { EcsTasksRole } from "../../../../modules/core/iam/ecs-tasks-role";
import { Efs } from "../../../../modules/core/storage/efs";
import { EfsAccessPoint, type EfsAccessPointProps } from "../../../../modules/core/storage/efs-access-point";
import type { SynthesizedStack } from "../../../../testing";
import { refusalOf, stackOf, SUBNETS, textOf, variable, VPC, type SmallStack } from "../../stack-of";

type Props = Partial<Omit<EfsAccessPointProps, "fileSystem">>;
const ADDRESS = "aws_efs_access_point.access_point";

function make(stack: SmallStack, props: Props = {}): EfsAccessPoint {
  const fileSystem = Efs.fromEfsAttributes(stack, { fileSystemId: "fs-0123" });
  return new EfsAccessPoint(stack, "access_point", { fileSystem, path: "/stock-service", ...props });
}
const made = (props: Props = {}): SynthesizedStack => stackOf((stack) => make(stack, props));
const refused = (props: Props): string => refusalOf((stack) => make(stack, props));

describe("an access point", () => {
  test("shows one directory, makes it at the first mount, and acts as user 1000", () => {
    expect(made().resource(ADDRESS)).toMatchObject({
      file_system_id: "fs-0123",
      posix_user: { uid: 1000, gid: 1000 },
      root_directory: {
        path: "/stock-service",
        creation_info: { owner_uid: 1000, owner_gid: 1000, permissions: "0755" },
      },
      tags: { Name: "/stock-service" },
    });
  });

  test("makes the directory for the user that it acts as", () => {
    expect(made({ uid: 1, gid: 4294967295, permissions: "770" }).resource(ADDRESS)).toMatchObject({
      posix_user: { uid: 1, gid: 4294967295 },
      root_directory: { creation_info: { owner_uid: 1, owner_gid: 4294967295, permissions: "770" } },
    });
  });

  test.each(["/", "/a", "/a/b/c/d", "/stock service", `/${"a".repeat(99)}`])("may show %s", (path) => {
    expect(made({ path }).resource(ADDRESS).root_directory).toMatchObject({ path });
  });
  test.each([
    "",
    "a",
    "/a/",
    "//a",
    "/a/b/c/d/e",
    "/.a",
    "/a/..",
    "/a$b",
    "/a*",
    "/a\nb",
    `/${"a".repeat(100)}`,
  ])("cannot show %p", (path) => expect(refused({ path })).toContain("small/access_point: path is"));

  test("is called after its directory, with hyphens for signs that tags cannot hold", () => {
    expect(made({ path: "/stock, (old)" }).resource(ADDRESS)).toMatchObject({
      root_directory: { path: "/stock, (old)" },
      tags: { Name: "/stock- -old-" },
    });
  });

  test.each([-1, 1.5, 4294967296])("cannot act as user or group %d", (id) => {
    expect(refused({ uid: id })).toContain(`uid is ${id}`);
    expect(refused({ gid: id })).toContain(`gid is ${id}`);
  });

  test.each(["0755", "777", "0000"])("may give the directory the permissions %s", (permissions) => {
    expect(() => made({ permissions })).not.toThrow();
  });
  test.each(["", "75", "0855", "rwx", "07555", "0o755"])(
    "cannot give it the permissions %p",
    (permissions) => {
      expect(refused({ permissions })).toContain("octal digits");
    },
  );
  test("cannot give it permissions as a number: it would be written in decimal", () => {
    expect(refused({ permissions: 0o755 as unknown as string })).toContain("permissions is 493");
  });

  test("has a name for its volume that ECS allows and that no other access point of the stack has", () => {
    stackOf((stack) => {
      const fileSystem = Efs.fromEfsAttributes(stack, { fileSystemId: "fs-0123" });
      const names = ["one", "two"].map(
        (id) => new EfsAccessPoint(stack, id, { fileSystem, path: "/a b" }).volumeName,
      );
      names.forEach((name) => expect(name).toMatch(/^[A-Za-z0-9_-]{1,255}$/));
      expect(new Set(names).size).toBe(2);
    });
  });

  test("with a path that only Terraform knows leaves no placeholder behind", () => {
    const text = textOf((stack) => {
      const { volumeName } = make(stack, { path: variable(stack, "path").stringValue });
      new TerraformOutput(stack, "volume", { value: volumeName });
    });
    expect(text).not.toContain("TfToken");
  });
});

describe("the right to mount", () => {
  const granted = (access: ("read" | "write")[], roles = ["role"]) =>
    stackOf((stack) => {
      const fileSystem = new Efs(stack, "efs", { vpcId: VPC, subnets: SUBNETS });
      const accessPoint = new EfsAccessPoint(stack, "access_point", { fileSystem, path: "/a" });
      for (const id of roles) {
        const role = new EcsTasksRole(stack, id, { purpose: id, description: id });
        access.forEach((each) => accessPoint.grantMount(role, each));
      }
    });
  const condition = {
    StringEquals: { "elasticfilesystem:AccessPointArn": `\${${ADDRESS}.arn}` },
  };

  test("is for this access point only, in the role's policy and in the file system's", () => {
    const stack = granted(["write"]);
    const common = {
      Sid: "MountAccessPoint",
      Effect: "Allow",
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      Resource: "${aws_efs_file_system.efs.arn}",
      Condition: condition,
    };
    expect(stack.json("aws_iam_role_policy.role", "policy")).toMatchObject({ Statement: [common] });
    expect(stack.json("aws_efs_file_system_policy.efs", "policy")).toMatchObject({
      Statement: [{ Sid: "RefusePlainText" }, { ...common, Principal: { AWS: "${aws_iam_role.role.arn}" } }],
    });
  });

  test("to read does not allow to write", () => {
    const policy = granted(["read"]).json("aws_iam_role_policy.role", "policy") as { Statement: unknown[] };
    expect(policy.Statement).toHaveLength(1);
    expect(policy).toMatchObject({
      Statement: [
        { Sid: "MountAccessPointReadOnly", Action: "elasticfilesystem:ClientMount", Condition: condition },
      ],
    });
  });

  test("to read does not take away the one to write", () => {
    expect(granted(["read", "write"]).json("aws_iam_role_policy.role", "policy")).toMatchObject({
      Statement: [{ Sid: "MountAccessPointReadOnly" }, { Sid: "MountAccessPoint" }],
    });
  });

  test("of two roles stands in one statement of the file system's policy", () => {
    expect(granted(["write"], ["one", "two"]).json("aws_efs_file_system_policy.efs", "policy")).toMatchObject(
      {
        Statement: [
          {},
          {
            Principal: { AWS: ["${aws_iam_role.one.arn}", "${aws_iam_role.two.arn}"] },
            Condition: condition,
          },
        ],
      },
    );
  });

  test("never lets a role become the root user of the file system", () => {
    expect(granted(["read", "write"]).toJson()).not.toContain("ClientRootAccess");
  });
});
