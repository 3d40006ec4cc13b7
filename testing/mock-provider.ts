/** The VPC that all mocked subnets and security groups are in. */
export const MOCK_VPC_ID = "vpc-0a1b2c3d4e5f67890";

/**
 * A `mock_provider` block for `*.tftest.hcl` files. The provider checks the form of ARNs even when it is mocked, so
 * what is referred to by ARN gets one, and data sources answer as in the account 123456789012 in us-east-1.
 * @see https://developer.hashicorp.com/terraform/language/tests/mocking
 */
export const MOCK_AWS_PROVIDER = `mock_provider "aws" {
${mockArn("aws_iam_role", "arn:aws:iam::123456789012:role/mock")}
${mockArn("aws_ecs_cluster", "arn:aws:ecs:us-east-1:123456789012:cluster/mock")}
${mockArn("aws_ecs_task_definition", "arn:aws:ecs:us-east-1:123456789012:task-definition/mock:1")}
${mockArn("aws_service_discovery_service", "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-mock")}
${mockArn("aws_efs_file_system", "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-mock")}
${mockArn("aws_efs_access_point", "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-mock")}
${mockArn("aws_cloudwatch_log_group", "arn:aws:logs:us-east-1:123456789012:log-group:mock")}
${mockArn("aws_ecr_repository", "arn:aws:ecr:us-east-1:123456789012:repository/mock")}
${mockArn("aws_service_discovery_private_dns_namespace", "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-mock")}
${mockArn("aws_lb", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/mock/0123456789abcdef")}
${mockArn("aws_lb_target_group", "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/mock/0123456789abcdef")}
${mockData("aws_region", 'id = "us-east-1"')}
${mockData("aws_partition", 'partition = "aws"')}
${mockData("aws_caller_identity", 'account_id = "123456789012"')}
${mockData("aws_vpc", "enable_dns_support = true, enable_dns_hostnames = true")}
${mockData("aws_subnet", `vpc_id = "${MOCK_VPC_ID}"`)}
${mockData("aws_security_group", `vpc_id = "${MOCK_VPC_ID}"`)}
${mockData("aws_availability_zones", 'names = ["us-east-1a", "us-east-1b", "us-east-1c"]')}
}
`;

function mockData(type: string, defaults: string): string {
  return `  mock_data "${type}" {\n    defaults = {\n      ${defaults}\n    }\n  }`;
}

function mockArn(type: string, arn: string): string {
  return `  mock_resource "${type}" {\n    defaults = {\n      arn = "${arn}"\n    }\n  }`;
}
