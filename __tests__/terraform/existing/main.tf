# What somebody else made before, with plain resources of the provider.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {}

resource "aws_vpc" "existing" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "existing" {
  count             = 2
  vpc_id            = aws_vpc.existing.id
  cidr_block        = "10.1.${count.index}.0/24"
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}

resource "aws_service_discovery_private_dns_namespace" "existing" {
  name = "existing.internal"
  vpc  = aws_vpc.existing.id
}

resource "aws_service_discovery_service" "registered" {
  name = "registered"

  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.existing.id

    dns_records {
      type = "A"
      ttl  = 10
    }
  }

  health_check_custom_config {
    failure_threshold = 1
  }
}

resource "aws_ecs_cluster" "existing" {
  name = "existing"
}

resource "aws_ecr_repository" "existing" {
  name = "existing"
}

resource "aws_security_group" "efs" {
  name   = "existing-efs"
  vpc_id = aws_vpc.existing.id
}

resource "aws_security_group" "ledger" {
  name   = "existing-ledger"
  vpc_id = aws_vpc.existing.id
}

resource "aws_efs_file_system" "existing" {}

resource "aws_efs_mount_target" "existing" {
  count           = 2
  file_system_id  = aws_efs_file_system.existing.id
  subnet_id       = aws_subnet.existing[count.index].id
  security_groups = [aws_security_group.efs.id]
}

resource "aws_efs_access_point" "existing" {
  file_system_id = aws_efs_file_system.existing.id
}

resource "aws_iam_role" "existing" {
  name = "existing-execution"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

output "vpc_id" {
  value = aws_vpc.existing.id
}

output "subnet_ids" {
  value = aws_subnet.existing[*].id
}

output "namespace_id" {
  value = aws_service_discovery_private_dns_namespace.existing.id
}

output "registry_arn" {
  value = aws_service_discovery_service.registered.arn
}

output "cluster_arn" {
  value = aws_ecs_cluster.existing.arn
}

output "repository_url" {
  value = aws_ecr_repository.existing.repository_url
}

output "file_system_id" {
  value = aws_efs_file_system.existing.id
}

output "file_system_security_group_id" {
  value = aws_security_group.efs.id
}

output "access_point_id" {
  value = aws_efs_access_point.existing.id
}

output "execution_role_arn" {
  value = aws_iam_role.existing.arn
}

output "ledger_security_group_id" {
  value = aws_security_group.ledger.id
}
