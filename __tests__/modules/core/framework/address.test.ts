import { type TerraformElement, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsEcsCluster } from "@cdktf/provider-aws/lib/data-aws-ecs-cluster";
import { Construct } from "constructs";
import { EcsCluster } from "../../../../modules/core/compute/ecs-cluster";
import {
  addressCollisions,
  addressOf,
  pascalCase,
  snakeCase,
  terraformAddress,
} from "../../../../modules/core/framework/address";
import { Module } from "../../../../modules/core/framework/module";
import { Ecr } from "../../../../modules/core/storage/ecr";
import { SmallStack, stackOf, refusalOf, testApp } from "../../stack-of";

class Team extends Module {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new Ecr(this, "stock_service", { repositoryName: "stock-service" });
  }
}

describe("an id becomes a name in snake case", () => {
  test.each([
    ["stock-service", "stock_service"],
    ["StockService", "stock_service"],
    ["stock service.2", "stock_service_2"],
    ["_stock_", "stock"],
    ["v2Api", "v2_api"],
  ])("%s is %s", (id, name) => expect(snakeCase(id)).toBe(name));

  test("and a sid in the form that IAM wants", () => {
    expect(pascalCase("stock_service_2")).toBe("StockService2");
  });
});

describe("a Terraform address", () => {
  test("is counted from the outermost module, so that a grouping scope does not change it", () => {
    const flat = stackOf((stack) => new Ecr(stack, "stock_service", { repositoryName: "stock-service" }));
    const grouped = stackOf((stack) => {
      new Ecr(new Construct(stack, "repositories"), "stock_service", { repositoryName: "stock-service" });
    });
    expect(flat.addresses("aws_ecr_repository")).toEqual(["aws_ecr_repository.stock_service"]);
    expect(grouped.addresses()).toEqual(flat.addresses());
  });

  test("begins with the outermost module where modules are nested", () => {
    const stack = stackOf((stack) => new Team(stack, "trading"));
    expect(stack.addresses("aws_ecr_repository")).toEqual(["aws_ecr_repository.trading_stock_service"]);
  });

  test("leaves out what the resource's type says already, unless nothing would be left", () => {
    const stack = stackOf((stack) => new EcsCluster(stack, "cluster", { clusterName: "platform" }));
    expect(stack.addresses()).toEqual([
      "aws_ecs_cluster.cluster",
      "aws_ecs_cluster_capacity_providers.cluster",
    ]);
  });

  test("keeps a word that only looks like a part of the type", () => {
    const stack = stackOf((stack) => new Ecr(stack, "repo", { repositoryName: "repo" }));
    expect(stack.addresses("aws_ecr_repository")).toEqual(["aws_ecr_repository.repo"]);
  });

  test("of a resource outside any module is made of all ids below the stack", () => {
    const stack = stackOf((stack) => {
      new CloudwatchLogGroup(new Construct(stack, "audit"), "trail", { name: "trail" });
    });
    expect(stack.addresses()).toEqual(["aws_cloudwatch_log_group.audit_trail"]);
  });

  test("never begins with a digit, which Terraform does not allow", () => {
    const stack = stackOf((stack) => new Ecr(stack, "3d", { repositoryName: "3d" }));
    expect(stack.addresses("aws_ecr_repository")).toEqual(["aws_ecr_repository._3d"]);
  });

  test("has no hash where only the one method of a plain stack is overridden", () => {
    class Readable extends TerraformStack {
      protected override allocateLogicalId(element: TerraformElement): string {
        return terraformAddress(element);
      }
    }
    const stack = new Readable(testApp(), "plain");
    const group = new CloudwatchLogGroup(stack, "logs", { name: "logs" });
    expect(addressOf(group)).toBe("aws_cloudwatch_log_group.logs");
  });
});

describe("two constructs with one address", () => {
  test("are refused, and the message names both and the address", () => {
    const message = refusalOf((stack) => {
      new Ecr(new Construct(stack, "a"), "images", { repositoryName: "images-a" });
      new Ecr(new Construct(stack, "b"), "images", { repositoryName: "images-b" });
    });
    expect(message).toMatch(
      /^small\/b\/images\/repository: .*\n.*small\/a\/images\/repository has this one$/m,
    );
    expect(message).toContain("aws_ecr_repository.images");
    expect(message).toContain("mend:");
    expect(message).toContain("aws_ecr_lifecycle_policy.images");
  });

  test("are refused for ids that differ only in how they are written", () => {
    const message = refusalOf((stack) => {
      new Ecr(stack, "stock-service", { repositoryName: "one" });
      new Ecr(stack, "StockService", { repositoryName: "two" });
    });
    expect(message).toMatch(
      /^small\/StockService\/repository: .*\n.*small\/stock-service\/repository has this one$/m,
    );
  });

  test("are refused among variables and among outputs, and not between the two", () => {
    const collisions = (fill: (stack: SmallStack) => void): string[] => {
      const stack = new SmallStack(testApp());
      fill(stack);
      return addressCollisions(stack);
    };
    expect(
      collisions((stack) => {
        new TerraformVariable(stack, "vpc-id", {});
        new TerraformVariable(stack, "vpcId", {});
      }),
    ).toEqual([expect.stringContaining("var.vpc_id")]);
    expect(
      collisions((stack) => {
        new TerraformVariable(stack, "vpc-id", {});
        new TerraformOutput(stack, "vpcId", { value: "x" });
      }),
    ).toEqual([]);
  });

  test("may be a resource and a data source: Terraform addresses them apart", () => {
    const stack = new SmallStack(testApp());
    new EcsCluster(stack, "platform", { clusterName: "platform" });
    const found = new DataAwsEcsCluster(stack, "Platform", { clusterName: "other" });
    expect(found.friendlyUniqueId).toBe("platform");
    expect(addressCollisions(stack)).toEqual([]);
  });

  test("are refused among data sources", () => {
    const stack = new SmallStack(testApp());
    ["platform", "Platform"].forEach((id) => new DataAwsEcsCluster(stack, id, { clusterName: id }));
    expect(addressCollisions(stack)).toEqual([expect.stringContaining("data.aws_ecs_cluster.platform")]);
  });

  test("may be two types of resource", () => {
    const stack = new SmallStack(testApp());
    new EcsCluster(stack, "platform", { clusterName: "platform" });
    new Ecr(stack, "Platform", { repositoryName: "platform" });
    expect(addressCollisions(stack)).toEqual([]);
  });
});
