import { EcsTasksRole, ImportedRole } from "../../../../modules/core/iam/ecs-tasks-role";
import { Iam } from "../../../../modules/core/iam/iam";
import type { Statement } from "../../../../modules/core/iam/policy";
import { SmallStack, stackOf, testApp, variable } from "../../stack-of";

const ROLE_ARN = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole";
const read: Statement = { sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"] };

describe("the task execution role", () => {
  const stack = stackOf((stack) => new Iam(stack, "iam"));
  const role = "aws_iam_role.ecs_task_execution_role";

  test("can be assumed by ECS tasks of this account and region only", () => {
    expect(stack.json(role, "assume_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "EcsTasks",
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "${data.aws_caller_identity.current.account_id}" },
            ArnLike: {
              "aws:SourceArn":
                "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.id}:" +
                "${data.aws_caller_identity.current.account_id}:*",
            },
          },
        },
      ],
    });
  });

  test("has a name of its own in each stack and region, and is made anew before it is deleted", () => {
    expect(stack.resource(role)).toMatchObject({
      name_prefix: "small-execution-",
      lifecycle: { create_before_destroy: true },
    });
    expect(stack.resource(role)).not.toHaveProperty("name");
  });

  test("has no policy before it is granted anything: IAM refuses an empty one", () => {
    expect(stack.addresses()).toEqual([role]);
    expect(new Iam(new SmallStack(testApp()), "iam").policies).toEqual([]);
  });

  test("has its ARN under both names", () => {
    const iam = new Iam(new SmallStack(testApp()), "iam");
    expect(iam.ecsTaskExecutionRoleArn).toBe(iam.roleArn);
  });

  test("has all that it was granted in one policy, and that one is what others wait for", () => {
    const stack = stackOf((stack) => {
      const iam = new Iam(stack, "iam");
      iam.grant(read);
      iam.grant({ ...read, sid: "Other" });
      iam.grant({ ...read, resources: ["arn:aws:s3:::b/*"] });
      expect(iam.policies.map(({ terraformResourceType }) => terraformResourceType)).toEqual([
        "aws_iam_role_policy",
      ]);
    });
    expect(stack.addresses("aws_iam_role_policy")).toHaveLength(1);
    const policy = "aws_iam_role_policy.ecs_task_execution_role";
    expect(stack.resource(policy).role).toBe("${aws_iam_role.ecs_task_execution_role.id}");
    expect(stack.json(policy, "policy")).toMatchObject({
      Statement: [{ Sid: "Read", Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"] }, { Sid: "Other" }],
    });
  });
});

describe("a role of ECS tasks", () => {
  test("may be granted the same under a condition that only Terraform knows, though it is read twice", () => {
    const stack = stackOf((stack) => {
      const role = new EcsTasksRole(stack, "role", { purpose: "p", description: "d" });
      const organization = variable(stack, "organization");
      for (const bucket of ["a", "b"]) {
        const conditions = { StringEquals: { "aws:PrincipalOrgID": organization.stringValue } };
        role.grant({ ...read, resources: [`arn:aws:s3:::${bucket}/*`], conditions });
      }
    });
    expect(stack.json("aws_iam_role_policy.role", "policy")).toMatchObject({
      Statement: [{ Sid: "Read", Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"] }],
    });
  });

  test("may be granted so much that its policies still fit, references counting as the shortest ARN", () => {
    const grantTo = (count: number) => (stack: SmallStack) => {
      const role = new EcsTasksRole(stack, "role", { purpose: "p", description: "d" });
      for (let index = 0; index < count; index++) {
        role.grant({ ...read, resources: [variable(stack, `arn_${index}`).stringValue] });
      }
    };
    expect(() => stackOf(grantTo(533))).not.toThrow();
    expect(() => stackOf(grantTo(534))).toThrow("small/role: length of all policies is 10253");
  });

  test("has a name that leaves room for what the provider appends", () => {
    const stack = stackOf((stack) => {
      new EcsTasksRole(stack, "role", { purpose: "x".repeat(100), description: "d" });
    });
    expect(stack.resource("aws_iam_role.role").name_prefix).toHaveLength(38);
  });

  test("says what it is for, in the Latin letters that IAM allows", () => {
    const make = (description: string) => () =>
      stackOf((stack) => new EcsTasksRole(stack, "role", { purpose: "p", description }));
    expect(make("Reads für Größen")().resource("aws_iam_role.role").description).toBe("Reads für Größen");
    expect(make("d".repeat(1000))).not.toThrow();
    expect(make("a → b")).toThrow("description");
    expect(make("d".repeat(1001))).toThrow("description");
  });
});

describe("a role that exists already", () => {
  test("is used by its ARN and never changed, whatever it is granted", () => {
    const stack = stackOf(() => {
      const role = Iam.fromIamAttributes({ ecsTaskExecutionRoleArn: ROLE_ARN });
      role.grant(read);
      expect(role).toMatchObject({ roleArn: ROLE_ARN, ecsTaskExecutionRoleArn: ROLE_ARN, policies: [] });
    });
    expect(stack.addresses()).toEqual([]);
  });

  test("may be any role", () => {
    const role = new ImportedRole(ROLE_ARN);
    role.grant();
    expect(role).toMatchObject({ roleArn: ROLE_ARN, policies: [] });
  });
});
