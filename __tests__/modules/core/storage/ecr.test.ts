import { EcsTasksRole } from "../../../../modules/core/iam/ecs-tasks-role";
import { Iam } from "../../../../modules/core/iam/iam";
import { Ecr, type EcrProps } from "../../../../modules/core/storage/ecr";
import { EcrLifecyclePolicy } from "../../../../modules/core/storage/ecr-lifecycle";
import type { SynthesizedStack } from "../../../../testing";
import { dataOf, refusalOf, stackOf, statementsOf } from "../../stack-of";

const REPOSITORY = "aws_ecr_repository.ecr";
const make = (props: Partial<EcrProps> = {}): SynthesizedStack =>
  stackOf((stack) => new Ecr(stack, "ecr", { repositoryName: "stock-service", ...props }));

describe("a repository", () => {
  test("keeps what a tag names, scans what is pushed and does not go with its images, unless asked otherwise", () => {
    expect(make().resource(REPOSITORY)).toMatchObject({
      name: "stock-service",
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      force_delete: false,
    });
    expect(make().resource(REPOSITORY)).not.toHaveProperty("encryption_configuration");
  });

  test("lets tags move where asked to", () => {
    expect(make({ imageTagMutability: "MUTABLE" }).resource(REPOSITORY).image_tag_mutability).toBe("MUTABLE");
  });

  test("goes with its images where asked to", () => {
    expect(make({ forceDelete: true }).resource(REPOSITORY).force_delete).toBe(true);
  });

  test("is encrypted with a key of the customer's where one is given", () => {
    expect(make({ kmsKeyArn: "arn:key" }).resource(REPOSITORY).encryption_configuration).toEqual([
      { encryption_type: "KMS", kms_key: "arn:key" },
    ]);
  });

  test("drops untagged images after a week and keeps the newest thirty, unless told otherwise", () => {
    const stack = make();
    expect(stack.resource("aws_ecr_lifecycle_policy.ecr").repository).toBe(`\${${REPOSITORY}.name}`);
    expect(stack.json("aws_ecr_lifecycle_policy.ecr", "policy")).toMatchObject({
      rules: [
        { selection: { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 7 } },
        { selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 } },
      ],
    });
  });

  test("takes another lifecycle policy", () => {
    const stack = make({ lifecyclePolicy: new EcrLifecyclePolicy().expire("any", { moreThan: 3 }) });
    expect(stack.json("aws_ecr_lifecycle_policy.ecr", "policy")).toMatchObject({
      rules: [{ selection: { countNumber: 3 } }],
    });
  });

  test("is refused with a name that ECR does not allow, naming the construct", () => {
    const message = refusalOf((stack) => new Ecr(stack, "ecr", { repositoryName: "Stock" }));
    expect(message).toMatch(/^small\/ecr: repositoryName is "Stock"\n/);
  });

  test("is refused with a lifecycle policy that ECR does not allow, naming the construct", () => {
    const message = refusalOf((stack) => {
      new Ecr(stack, "ecr", { repositoryName: "stock", lifecyclePolicy: new EcrLifecyclePolicy() });
    });
    expect(message).toMatch(/^small\/ecr: lifecyclePolicy is 0\n/);
  });
});

describe("a repository of another environment", () => {
  test("is looked up by its name when Terraform plans, and pulled from by its ARN", () => {
    const stack = stackOf((inner) => {
      const role = new EcsTasksRole(inner, "role", { purpose: "pull", description: "" });
      Ecr.fromRepositoryName(inner, "stock_service", "acme-staging/stock-service").grantPull(role);
    });
    expect(dataOf(stack, "aws_ecr_repository.stock_service")).toEqual(
      expect.objectContaining({ name: "acme-staging/stock-service" }),
    );
    expect(statementsOf(stack, "aws_iam_role_policy.role").PullImages?.Resource).toBe(
      "${data.aws_ecr_repository.stock_service.arn}",
    );
  });

  test("is refused with a name that ECR does not allow", () => {
    expect(refusalOf((inner) => Ecr.fromRepositoryName(inner, "x", "Stock"))).toContain(
      'repositoryName is "Stock"',
    );
  });
});

describe("the right to pull", () => {
  test("is given for the repositories that are used, and the login is given once", () => {
    const stack = stackOf((stack) => {
      const role = new Iam(stack, "iam");
      for (const name of ["one", "two"])
        new Ecr(stack, name, { repositoryName: `${name}-x` }).grantPull(role);
    });
    expect(stack.json("aws_iam_role_policy.ecs_task_execution_role", "policy")).toMatchObject({
      Statement: [
        { Sid: "EcrLogin", Resource: "*" },
        { Sid: "PullImages", Resource: ["${aws_ecr_repository.one.arn}", "${aws_ecr_repository.two.arn}"] },
      ],
    });
  });
});
