import { DefaultSubnet } from "@cdktf/provider-aws/lib/default-subnet";
import { Efs, type EfsProps } from "../../../../modules/core/storage/efs";
import {
  dataOf,
  refusalOf,
  stackOf,
  SUBNETS,
  valuesOf,
  variable,
  VPC,
  type SmallStack,
} from "../../stack-of";

const make = (stack: SmallStack, props: Partial<EfsProps> = {}): Efs =>
  new Efs(stack, "efs", { vpcId: VPC, subnets: SUBNETS, ...props });
const FILE_SYSTEM = "aws_efs_file_system.efs";
const subnetIn = (stack: SmallStack, zone: string): string =>
  new DefaultSubnet(stack, `subnet_${zone}`, { availabilityZone: zone }).id;

describe("a file system", () => {
  const stack = stackOf((stack) => make(stack));

  test("is encrypted and elastic, has a key of EFS's and no backups unless asked otherwise", () => {
    expect(stack.resource(FILE_SYSTEM)).toMatchObject({
      encrypted: true,
      performance_mode: "generalPurpose",
      throughput_mode: "elastic",
      tags: { Name: "small-efs" },
    });
    expect(stack.resource(FILE_SYSTEM)).not.toHaveProperty("kms_key_id");
    expect(stack.addresses("aws_efs_backup_policy")).toEqual([]);
  });

  test("may be bursting, backed up, and encrypted with a key of the customer's", () => {
    const stack = stackOf((stack) => {
      make(stack, { throughputMode: "bursting", automaticBackups: true, kmsKeyArn: "arn:key" });
    });
    expect(stack.resource(FILE_SYSTEM)).toMatchObject({
      throughput_mode: "bursting",
      encrypted: true,
      kms_key_id: "arn:key",
    });
    expect(stack.resource("aws_efs_backup_policy.efs")).toMatchObject({
      file_system_id: `\${${FILE_SYSTEM}.id}`,
      backup_policy: { status: "ENABLED" },
    });
  });

  test("refuses plain text and, before a mount is granted, lets nobody in", () => {
    expect(stack.json("aws_efs_file_system_policy.efs", "policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "RefusePlainText",
          Effect: "Deny",
          Principal: "*",
          Action: "*",
          Resource: `\${${FILE_SYSTEM}.arn}`,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  test("has mount targets in a group of its own that lets nobody in yet", () => {
    expect(stack.resource("aws_efs_mount_target.efs")).toMatchObject({
      file_system_id: `\${${FILE_SYSTEM}.id}`,
      security_groups: ["${aws_security_group.efs.id}"],
    });
    expect(stack.openPorts()).toEqual({ between: [], toAddresses: [], fromAddresses: [], oneSided: [] });
  });

  test("can be mounted when its mount targets and its policy are there", () => {
    stackOf((stack) => {
      expect(
        make(stack).mountPrerequisites.map(({ terraformResourceType }) => terraformResourceType),
      ).toEqual(["aws_efs_mount_target", "aws_efs_file_system_policy"]);
    });
  });

  test("gives out its id and ARN", () => {
    const values = valuesOf((stack) => {
      const { fileSystemId, fileSystemArn, securityGroupId } = make(stack);
      return { fileSystemId, fileSystemArn, securityGroupId };
    });
    expect(values).toEqual({
      fileSystemId: `\${${FILE_SYSTEM}.id}`,
      fileSystemArn: `\${${FILE_SYSTEM}.arn}`,
      securityGroupId: "${aws_security_group.efs.id}",
    });
  });
});

describe("mount targets, one per subnet,", () => {
  const mountTarget = (subnets: (stack: SmallStack) => readonly string[]): unknown =>
    stackOf((stack) => make(stack, { subnets: subnets(stack) })).resource("aws_efs_mount_target.efs");

  test("are keyed by ids that are given", () => {
    expect(mountTarget(() => SUBNETS)).toMatchObject({
      for_each: `\${toset(${JSON.stringify(SUBNETS)})}`.replace('","', '", "'),
      subnet_id: "${each.value}",
    });
  });

  test("are keyed by the ids of a list that Terraform knows when it plans", () => {
    expect(mountTarget((stack) => variable(stack, "subnets", "list(string)").listValue)).toMatchObject({
      for_each: "${toset(var.subnets)}",
      subnet_id: "${each.value}",
    });
  });

  test("are keyed by their place where a subnet is made in the same run: its id is not known when planning", () => {
    expect(mountTarget((stack) => ["a", "b"].map((zone) => subnetIn(stack, zone)))).toMatchObject({
      for_each: { "0": "${aws_default_subnet.subnet_a.id}", "1": "${aws_default_subnet.subnet_b.id}" },
      subnet_id: "${each.value}",
    });
  });

  test("are keyed by their place where only one of the subnets is a reference, and where it is the only one", () => {
    expect(mountTarget((stack) => ["subnet-0123abcd", subnetIn(stack, "a")])).toMatchObject({
      for_each: { "0": "subnet-0123abcd", "1": "${aws_default_subnet.subnet_a.id}" },
    });
    expect(mountTarget((stack) => [subnetIn(stack, "a")])).toMatchObject({
      for_each: { "0": "${aws_default_subnet.subnet_a.id}" },
    });
  });

  test("must lie in different zones, which Terraform looks up before it makes any of them", () => {
    const stack = stackOf((stack) => make(stack));
    expect(dataOf(stack, "aws_subnet.efs")).toMatchObject({ id: "${each.value}" });
    expect(stack.resource("aws_efs_mount_target.efs").lifecycle).toEqual({
      precondition: [
        {
          condition:
            "${length(distinct(values(data.aws_subnet.efs)[*].availability_zone)) == length(data.aws_subnet.efs)}",
          error_message: expect.stringContaining("efs-mount-target-zones (docs/rules.md)") as string,
        },
      ],
    });
  });

  test("are not looked up where subnets are made in the same run", () => {
    const stack = stackOf((stack) => make(stack, { subnets: [subnetIn(stack, "a")] }));
    expect(stack.resource("aws_efs_mount_target.efs")).not.toHaveProperty("lifecycle");
    expect(() => dataOf(stack, "aws_subnet.efs")).toThrow("there is no");
  });

  test("cannot be none, nor in what is no subnet, nor in a VPC that is none", () => {
    expect(refusalOf((stack) => make(stack, { subnets: [] }))).toMatch(/^small\/efs: subnets is \[\]\n/);
    expect(refusalOf((stack) => make(stack, { subnets: ["vpc-0123abcd"] }))).toContain("small/efs: subnets");
    expect(refusalOf((stack) => make(stack, { vpcId: "x" }))).toContain('vpcId is "x"');
  });
});

describe("a file system that exists already", () => {
  test("is known by its id; its ARN is made of the account and region of the stack", () => {
    const values = valuesOf((stack) => {
      const efs = Efs.fromEfsAttributes(stack, { fileSystemId: "fs-0123" });
      expect(efs).toMatchObject({ mountPrerequisites: [] });
      expect(efs.securityGroupId).toBeUndefined();
      return { id: efs.fileSystemId, arn: efs.fileSystemArn };
    });
    expect(values).toEqual({
      id: "fs-0123",
      arn:
        "arn:${data.aws_partition.current.partition}:elasticfilesystem:${data.aws_region.current.id}:" +
        "${data.aws_caller_identity.current.account_id}:file-system/fs-0123",
    });
  });

  test("keeps an ARN and a group that are given, and its policy is not changed", () => {
    const stack = stackOf((stack) => {
      const efs = Efs.fromEfsAttributes(stack, {
        fileSystemId: "fs-0123",
        fileSystemArn: "arn:of-another-account",
        securityGroupId: "sg-0123abcd",
      });
      efs.addToFileSystemPolicy({ sid: "X", actions: ["*"], principal: "*" });
      expect(efs).toMatchObject({ fileSystemArn: "arn:of-another-account", securityGroupId: "sg-0123abcd" });
    });
    expect(stack.addresses()).toEqual([]);
  });
});
