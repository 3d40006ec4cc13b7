import { MOCK_AWS_PROVIDER, TerraformFolder } from "../../testing";
import { tradingPlatform } from "./harness";
import { KeptProvider } from "./provider/kept-provider";

const TEST = `${MOCK_AWS_PROVIDER}
variables {
  vpc_id          = "vpc-0a1b2c3d4e5f67890"
  subnets         = ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"]
  security_groups = ["sg-0a1b2c3d4e5f67890"]
}

run "plan" {
  command = plan

  variables {
    stock_service_desired_count = 3
    stock_service_image_tag     = "2.0.0"
  }

  assert {
    condition     = aws_ecs_service.stock_service.desired_count == 3
    error_message = "the desired count does not follow its variable"
  }
  assert {
    condition     = length(aws_efs_mount_target.efs) == 2
    error_message = "there must be a mount target in each subnet"
  }
  assert {
    condition     = aws_service_discovery_private_dns_namespace.dns_namespace.vpc == var.vpc_id
    error_message = "the namespace must be in the VPC"
  }
  assert {
    condition     = output.stock_service_url == "http://stock-service.trading-platform.local"
    error_message = "callers reach the stock-service by its name"
  }
}

run "apply" {
  assert {
    condition     = contains(one(aws_ecs_service.stock_service.network_configuration).security_groups, aws_security_group.stock_service.id)
    error_message = "tasks must carry the group of their service"
  }
  assert {
    condition     = contains(one(aws_ecs_service.stock_service.network_configuration).security_groups, "sg-0a1b2c3d4e5f67890")
    error_message = "tasks must carry the groups that were given"
  }
  assert {
    condition     = strcontains(aws_ecs_task_definition.stock_service.container_definitions, ":1.0.0")
    error_message = "the image must have the default tag"
  }
}
`;

const ONE_ZONE = `${MOCK_AWS_PROVIDER}
run "plan" {
  command = plan

  variables {
    vpc_id  = "vpc-0a1b2c3d4e5f67890"
    subnets = ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"]
  }

  override_data {
    target = data.aws_subnet.efs
    values = { availability_zone = "us-east-1a" }
  }
}
`;

describe("terraform test with a mock provider", () => {
  let provider: KeptProvider;
  let folder: TerraformFolder;
  beforeAll(async () => {
    provider = await KeptProvider.start({});
    folder = TerraformFolder.with(tradingPlatform(), provider.environment);
  });
  afterAll(async () => {
    folder.dispose();
    await provider.stop();
  });

  test("plans and applies the trading platform without an AWS endpoint", async () => {
    folder.write("trading-platform.tftest.hcl", TEST);
    expect(await folder.test()).toContain("2 passed, 0 failed.");
  });

  test("fails where an assertion does not hold", async () => {
    folder.write("trading-platform.tftest.hcl", TEST.replace("desired_count == 3", "desired_count == 4"));
    await expect(folder.test()).rejects.toThrow("the desired count does not follow its variable");
  });

  test("does not plan mount targets in two subnets of one zone", async () => {
    folder.write("trading-platform.tftest.hcl", ONE_ZONE);
    await expect(folder.test()).rejects.toThrow(/subnets in different\s+availability zones/);
  });
});
