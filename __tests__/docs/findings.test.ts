import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { checkFindings } from "../../modules/core/framework/findings";
import { StockDataService } from "../../modules/services/article/stock-data-service";
import { BaseStack } from "../../stacks/base-stack";

test("docs/checks.md shows the findings of a stack with these mistakes", () => {
  const app = Testing.app();
  const Stack = class extends BaseStack {
    public constructor() {
      super(app, "trading-platform", { backend: { type: "none" } });
      new StockDataService(this, "stock_service", {
        vpcId: "vpc-0a1b2c3d4e5f67890",
        subnets: ["subnet-0a1b2c3d4e5f67890"],
        securityGroups: ["sg-0a1b2c3d4e5f67890"],
        ecsClusterId: "arn:aws:ecs:us-east-1:123456789012:cluster/trading-platform",
        efsFileSystemId: "fs-0a1b2c3d4e5f67890",
        ecsTaskExecutionRoleArn: "arn:aws:iam::123456789012:role/execution",
        ecrRepositoryUrl: "123456789012.dkr.ecr.us-east-1.amazonaws.com/stock-service",
        namespaceId: "ns-0a1b2c3d4e5f6789",
        imageTag: "1.0.0",
        ttl: -1,
        cpu: 256,
        memory: 4096,
      });
    }
  };
  new Stack();
  const page = readFileSync(join(__dirname, "..", "..", "docs", "checks.md"), "utf8");
  const [, shown = ""] = /^```\n(trading-platform\/stock_service[^]*?)^```/m.exec(page) ?? [];
  expect(shown).not.toBe("");
  let message = "";
  try {
    checkFindings(app);
  } catch (error) {
    message = (error as Error).message;
  }
  for (const finding of shown.trim().split("\n\n")) expect(message).toContain(finding);
});
