# Every resource type that the project's stacks use, in one hand-written stack. It shows that the emulator
# takes them all: apply, then a plan without changes, then destroy.
#
# The provider has no endpoints and no skip_* flags: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and
# AWS_SECRET_ACCESS_KEY are all it is told.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  default_tags {
    tags = {
      Project   = "every-resource"
      ManagedBy = "terraform"
    }
  }
}

locals {
  name  = "every"
  zones = slice(data.aws_availability_zones.available.names, 0, 3)
}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

data "aws_ssm_parameter" "ecs_image" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
}

# --- network ---------------------------------------------------------------------------------------------

resource "aws_vpc" "main" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = local.name }
}

resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  count                   = 3
  vpc_id                  = aws_vpc.main.id
  availability_zone       = local.zones[count.index]
  cidr_block              = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  map_public_ip_on_launch = true
}

resource "aws_subnet" "private" {
  count             = 3
  vpc_id            = aws_vpc.main.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index + 10)
}

resource "aws_eip" "nat" {
  domain     = "vpc"
  depends_on = [aws_internet_gateway.main]
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public[0].id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "public_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "private_nat" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main.id
}

resource "aws_route_table_association" "public" {
  count          = 3
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "private" {
  count          = 3
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.${data.aws_region.current.id}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
}

resource "aws_vpc_endpoint" "interface" {
  for_each            = toset(["ecr.api", "ecr.dkr", "logs", "secretsmanager"])
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.${data.aws_region.current.id}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.private[*].id
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
}

# --- security groups -------------------------------------------------------------------------------------

resource "aws_security_group" "endpoints" {
  name        = "${local.name}-endpoints"
  description = "Interface endpoints"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "balancer" {
  name        = "${local.name}-balancer"
  description = "Internal load balancer"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "stock" {
  name        = "${local.name}-stock"
  description = "Tasks of stock"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "signal" {
  name        = "${local.name}-signal"
  description = "Tasks of signal"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "efs" {
  name        = "${local.name}-efs"
  description = "Mount targets"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_https" {
  security_group_id = aws_security_group.endpoints.id
  description       = "HTTPS from the VPC"
  cidr_ipv4         = aws_vpc.main.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "stock_from_signal" {
  security_group_id            = aws_security_group.stock.id
  description                  = "signal calls stock"
  referenced_security_group_id = aws_security_group.signal.id
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
}

resource "aws_vpc_security_group_ingress_rule" "stock_from_balancer" {
  security_group_id            = aws_security_group.stock.id
  description                  = "The load balancer calls stock"
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
}

resource "aws_vpc_security_group_ingress_rule" "efs_from_stock" {
  security_group_id            = aws_security_group.efs.id
  description                  = "NFS from stock"
  referenced_security_group_id = aws_security_group.stock.id
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
}

resource "aws_vpc_security_group_ingress_rule" "balancer_http" {
  security_group_id = aws_security_group.balancer.id
  description       = "HTTP from the VPC"
  cidr_ipv4         = aws_vpc.main.cidr_block
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_egress_rule" "all" {
  for_each = {
    stock    = aws_security_group.stock.id
    signal   = aws_security_group.signal.id
    balancer = aws_security_group.balancer.id
  }
  security_group_id = each.value
  description       = "Everything out"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "signal_to_stock" {
  security_group_id            = aws_security_group.signal.id
  description                  = "signal calls stock"
  referenced_security_group_id = aws_security_group.stock.id
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
}

# --- names -----------------------------------------------------------------------------------------------

resource "aws_service_discovery_private_dns_namespace" "main" {
  name        = "trading-platform.local"
  description = "Names of the trading platform"
  vpc         = aws_vpc.main.id
}

resource "aws_service_discovery_private_dns_namespace" "second" {
  name = "second.internal"
  vpc  = aws_vpc.main.id
}

resource "aws_service_discovery_http_namespace" "mesh" {
  name        = "${local.name}-mesh"
  description = "Service Connect"
}

resource "aws_service_discovery_service" "a" {
  name          = "a-service"
  force_destroy = true
  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.main.id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "A"
      ttl  = 10
    }
  }
  health_check_custom_config {
    failure_threshold = 1
  }
}

resource "aws_service_discovery_service" "a_srv" {
  name          = "stock-service"
  description   = "Addresses and ports of stock"
  force_destroy = true
  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.main.id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "A"
      ttl  = 60
    }
    dns_records {
      type = "SRV"
      ttl  = 60
    }
  }
  health_check_custom_config {
    failure_threshold = 1
  }
}

resource "aws_service_discovery_service" "srv" {
  name          = "_bridge._tcp"
  force_destroy = true
  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.second.id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "SRV"
      ttl  = 0
    }
  }
  health_check_custom_config {
    failure_threshold = 1
  }
}

resource "aws_service_discovery_service" "api_only" {
  name         = "api-only"
  namespace_id = aws_service_discovery_http_namespace.mesh.id
}

data "aws_service_discovery_dns_namespace" "main" {
  name       = aws_service_discovery_private_dns_namespace.main.name
  type       = "DNS_PRIVATE"
  depends_on = [aws_service_discovery_private_dns_namespace.main]
}

resource "aws_route53_zone" "private" {
  name = "platform.example"
  vpc {
    vpc_id = aws_vpc.main.id
  }
}

resource "aws_route53_record" "balancer" {
  zone_id = aws_route53_zone.private.zone_id
  name    = "api.platform.example"
  type    = "A"
  alias {
    name                   = aws_lb.internal.dns_name
    zone_id                = aws_lb.internal.zone_id
    evaluate_target_health = true
  }
}

# --- roles -----------------------------------------------------------------------------------------------

locals {
  tasks_may_assume = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })
}

resource "aws_iam_role" "execution" {
  name               = "${local.name}-execution"
  assume_role_policy = local.tasks_may_assume
}

resource "aws_iam_role_policy" "execution" {
  name = "pull-log-and-secrets"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" },
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = aws_ecr_repository.stock.arn
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.stock.arn}:*"
      },
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.key.arn },
      { Effect = "Allow", Action = "ssm:GetParameters", Resource = aws_ssm_parameter.level.arn },
    ]
  })
}

resource "aws_iam_role" "task" {
  name               = "${local.name}-task"
  assume_role_policy = local.tasks_may_assume
}

resource "aws_iam_policy" "mount" {
  name = "${local.name}-mount"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource = aws_efs_file_system.data.arn
    }]
  })
}

resource "aws_iam_role_policy_attachment" "mount" {
  role       = aws_iam_role.task.name
  policy_arn = aws_iam_policy.mount.arn
}

resource "aws_iam_role" "instance" {
  name = "${local.name}-instance"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "instance" {
  role       = aws_iam_role.instance.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_instance_profile" "instance" {
  name = "${local.name}-instance"
  role = aws_iam_role.instance.name
}

# --- images, logs, secrets -------------------------------------------------------------------------------

resource "aws_ecr_repository" "stock" {
  name                 = "${local.name}/stock-service"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true
  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "stock" {
  repository = aws_ecr_repository.stock.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the newest 30 images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 30 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_cloudwatch_log_group" "stock" {
  name              = "/ecs/${local.name}/stock-service"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_group" "archive" {
  name              = "/ecs/${local.name}/archive"
  log_group_class   = "INFREQUENT_ACCESS"
  retention_in_days = 365
}

resource "aws_secretsmanager_secret" "key" {
  name                    = "${local.name}/market-data-key"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "key" {
  secret_id     = aws_secretsmanager_secret.key.id
  secret_string = "not-a-secret"
}

resource "aws_ssm_parameter" "level" {
  name  = "/${local.name}/log-level"
  type  = "String"
  value = "info"
}

# --- storage ---------------------------------------------------------------------------------------------

resource "aws_efs_file_system" "data" {
  creation_token   = "${local.name}-data"
  encrypted        = true
  throughput_mode  = "elastic"
  performance_mode = "generalPurpose"
  lifecycle_policy {
    transition_to_ia = "AFTER_30_DAYS"
  }
  lifecycle_policy {
    transition_to_primary_storage_class = "AFTER_1_ACCESS"
  }
  protection {
    replication_overwrite = "ENABLED"
  }
}

resource "aws_efs_mount_target" "data" {
  count           = 3
  file_system_id  = aws_efs_file_system.data.id
  subnet_id       = aws_subnet.private[count.index].id
  security_groups = [aws_security_group.efs.id]
}

resource "aws_efs_access_point" "stock" {
  file_system_id = aws_efs_file_system.data.id
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = "/stock"
    creation_info {
      owner_uid   = 1000
      owner_gid   = 1000
      permissions = "0755"
    }
  }
}

resource "aws_efs_backup_policy" "data" {
  file_system_id = aws_efs_file_system.data.id
  backup_policy {
    status = "ENABLED"
  }
}

resource "aws_efs_file_system_policy" "data" {
  file_system_id = aws_efs_file_system.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.task.arn }
      Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource  = aws_efs_file_system.data.arn
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# --- load balancer ---------------------------------------------------------------------------------------

resource "aws_lb" "internal" {
  name               = "${local.name}-internal"
  internal           = true
  load_balancer_type = "application"
  security_groups    = [aws_security_group.balancer.id]
  subnets            = aws_subnet.private[*].id
}

resource "aws_lb_target_group" "tasks" {
  name                 = "${local.name}-tasks"
  vpc_id               = aws_vpc.main.id
  port                 = 80
  protocol             = "HTTP"
  target_type          = "ip"
  deregistration_delay = 30
  health_check {
    path     = "/health"
    interval = 15
    timeout  = 5
  }
}

resource "aws_lb_target_group" "instances" {
  name        = "${local.name}-instances"
  vpc_id      = aws_vpc.main.id
  port        = 80
  protocol    = "HTTP"
  target_type = "instance"
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.internal.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "no such service"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener" "alternative" {
  load_balancer_arn = aws_lb.internal.arn
  port              = 8080
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.instances.arn
  }
}

resource "aws_lb_listener_rule" "tasks" {
  listener_arn = aws_lb_listener.http.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.tasks.arn
  }
  condition {
    path_pattern {
      values = ["/stock/*"]
    }
  }
  condition {
    host_header {
      values = ["api.platform.example"]
    }
  }
}

# --- cluster and capacity --------------------------------------------------------------------------------

resource "aws_ecs_cluster" "main" {
  name = local.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
  service_connect_defaults {
    namespace = aws_service_discovery_http_namespace.mesh.arn
  }
}

resource "aws_launch_template" "ecs" {
  name                   = "${local.name}-ecs"
  image_id               = data.aws_ssm_parameter.ecs_image.value
  instance_type          = "t3.small"
  vpc_security_group_ids = [aws_security_group.stock.id]
  user_data              = base64encode("#!/bin/bash\necho ECS_CLUSTER=${local.name} >> /etc/ecs/ecs.config\n")
  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${local.name}-ecs" }
  }
}

resource "aws_autoscaling_group" "ecs" {
  name                  = "${local.name}-ecs"
  min_size              = 0
  max_size              = 3
  desired_capacity      = 0
  vpc_zone_identifier   = aws_subnet.private[*].id
  protect_from_scale_in = true
  force_delete          = true
  launch_template {
    id      = aws_launch_template.ecs.id
    version = "$Latest"
  }
  tag {
    key                 = "AmazonECSManaged"
    value               = "true"
    propagate_at_launch = true
  }
  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_ecs_capacity_provider" "ec2" {
  name = "${local.name}-ec2"
  auto_scaling_group_provider {
    auto_scaling_group_arn         = aws_autoscaling_group.ecs.arn
    managed_termination_protection = "ENABLED"
    managed_scaling {
      status          = "ENABLED"
      target_capacity = 90
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT", aws_ecs_capacity_provider.ec2.name]
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}

# --- task definitions ------------------------------------------------------------------------------------

resource "aws_ecs_task_definition" "fargate" {
  family                   = "${local.name}-fargate"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }
  container_definitions = jsonencode([{
    name         = "stock"
    image        = "${aws_ecr_repository.stock.repository_url}:1"
    essential    = true
    portMappings = [{ name = "http", containerPort = 80, protocol = "tcp", appProtocol = "http" }]
    environment  = [{ name = "SIGNAL_URL", value = "http://a-service.trading-platform.local" }]
    secrets = [
      { name = "MARKET_DATA_KEY", valueFrom = aws_secretsmanager_secret.key.arn },
      { name = "LOG_LEVEL", valueFrom = aws_ssm_parameter.level.arn },
    ]
    mountPoints = [{ sourceVolume = "data", containerPath = "/data", readOnly = false }]
    healthCheck = {
      command  = ["CMD-SHELL", "wget -q -O /dev/null http://localhost/health || exit 1"]
      interval = 10
      timeout  = 5
      retries  = 3
    }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.stock.name
        awslogs-region        = data.aws_region.current.id
        awslogs-stream-prefix = "stock"
      }
    }
  }])
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.data.id
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = aws_efs_access_point.stock.id
        iam             = "ENABLED"
      }
    }
  }
}

resource "aws_ecs_task_definition" "bridge" {
  family                   = "${local.name}-bridge"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"
  container_definitions = jsonencode([{
    name         = "bridge"
    image        = "${aws_ecr_repository.stock.repository_url}:1"
    essential    = true
    cpu          = 128
    memory       = 256
    portMappings = [{ containerPort = 80, hostPort = 0, protocol = "tcp" }]
  }])
}

# --- services --------------------------------------------------------------------------------------------

resource "aws_ecs_service" "launch_type" {
  name                          = "launch-type"
  cluster                       = aws_ecs_cluster.main.arn
  task_definition               = aws_ecs_task_definition.fargate.arn
  launch_type                   = "FARGATE"
  platform_version              = "1.4.0"
  desired_count                 = 2
  propagate_tags                = "SERVICE"
  enable_ecs_managed_tags       = true
  enable_execute_command        = true
  availability_zone_rebalancing = "ENABLED"
  wait_for_steady_state         = true
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets         = aws_subnet.private[*].id
    security_groups = [aws_security_group.stock.id]
  }
  service_registries {
    registry_arn = aws_service_discovery_service.a_srv.arn
    port         = 80
  }
  depends_on = [aws_efs_mount_target.data, aws_iam_role_policy.execution, aws_iam_role_policy_attachment.mount]
}

resource "aws_ecs_service" "strategy" {
  name                          = "strategy"
  cluster                       = aws_ecs_cluster.main.arn
  task_definition               = aws_ecs_task_definition.fargate.arn
  desired_count                 = 1
  force_new_deployment          = true
  availability_zone_rebalancing = "ENABLED"
  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 1
    weight            = 1
  }
  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 3
  }
  network_configuration {
    subnets         = aws_subnet.private[*].id
    security_groups = [aws_security_group.signal.id]
  }
  service_registries {
    registry_arn = aws_service_discovery_service.a.arn
  }
  lifecycle {
    ignore_changes = [desired_count]
  }
  depends_on = [aws_ecs_cluster_capacity_providers.main]
}

resource "aws_ecs_service" "bridge" {
  name                          = "bridge"
  cluster                       = aws_ecs_cluster.main.arn
  task_definition               = aws_ecs_task_definition.bridge.arn
  desired_count                 = 1
  force_new_deployment          = true
  availability_zone_rebalancing = "DISABLED"
  capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.ec2.name
    weight            = 1
  }
  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }
  placement_constraints {
    type       = "memberOf"
    expression = "attribute:ecs.os-type == linux"
  }
  service_registries {
    registry_arn   = aws_service_discovery_service.srv.arn
    container_name = "bridge"
    container_port = 80
  }
  depends_on = [aws_ecs_cluster_capacity_providers.main]
}

resource "aws_ecs_service" "daemon" {
  name                          = "daemon"
  cluster                       = aws_ecs_cluster.main.arn
  task_definition               = aws_ecs_task_definition.bridge.arn
  launch_type                   = "EC2"
  scheduling_strategy           = "DAEMON"
  availability_zone_rebalancing = "DISABLED"
}

resource "aws_ecs_service" "balanced" {
  name                               = "balanced"
  cluster                            = aws_ecs_cluster.main.arn
  task_definition                    = aws_ecs_task_definition.fargate.arn
  launch_type                        = "FARGATE"
  desired_count                      = 1
  health_check_grace_period_seconds  = 60
  deployment_minimum_healthy_percent = 50
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  network_configuration {
    subnets         = aws_subnet.private[*].id
    security_groups = [aws_security_group.stock.id]
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.tasks.arn
    container_name   = "stock"
    container_port   = 80
  }
  depends_on = [aws_lb_listener_rule.tasks]
}

resource "aws_ecs_service" "connected" {
  name                          = "connected"
  cluster                       = aws_ecs_cluster.main.arn
  task_definition               = aws_ecs_task_definition.fargate.arn
  launch_type                   = "FARGATE"
  desired_count                 = 1
  availability_zone_rebalancing = "ENABLED"
  network_configuration {
    subnets         = aws_subnet.private[*].id
    security_groups = [aws_security_group.stock.id]
  }
  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_http_namespace.mesh.arn
    service {
      port_name      = "http"
      discovery_name = "connected"
      client_alias {
        dns_name = "connected"
        port     = 80
      }
    }
  }
}

# --- autoscaling -----------------------------------------------------------------------------------------

resource "aws_appautoscaling_target" "strategy" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.strategy.name}"
  min_capacity       = 1
  max_capacity       = 4
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.strategy.service_namespace
  scalable_dimension = aws_appautoscaling_target.strategy.scalable_dimension
  resource_id        = aws_appautoscaling_target.strategy.resource_id
  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "night" {
  name               = "night"
  service_namespace  = aws_appautoscaling_target.strategy.service_namespace
  scalable_dimension = aws_appautoscaling_target.strategy.scalable_dimension
  resource_id        = aws_appautoscaling_target.strategy.resource_id
  schedule           = "cron(0 22 * * ? *)"
  timezone           = "UTC"
  scalable_target_action {
    min_capacity = 1
    max_capacity = 1
  }
}

# --- observability ---------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "events" {
  name              = "/aws/events/${local.name}"
  retention_in_days = 90
}

resource "aws_cloudwatch_log_group" "queries" {
  name              = "/aws/route53resolver/${local.name}"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_resource_policy" "delivery" {
  policy_name = "${local.name}-delivery"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for service, group in {
        "events.amazonaws.com"        = aws_cloudwatch_log_group.events
        "delivery.logs.amazonaws.com" = aws_cloudwatch_log_group.queries
        } : {
        Effect    = "Allow"
        Principal = { Service = service }
        Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource  = "${group.arn}:*"
      }
    ]
  })
}

resource "aws_cloudwatch_event_rule" "deployments" {
  name_prefix   = "${local.name}-deployments-"
  event_pattern = jsonencode({ source = ["aws.ecs"], "detail-type" = ["ECS Deployment State Change"] })
}

resource "aws_cloudwatch_event_target" "deployments" {
  rule       = aws_cloudwatch_event_rule.deployments.name
  target_id  = "log"
  arn        = aws_cloudwatch_log_group.events.arn
  depends_on = [aws_cloudwatch_log_resource_policy.delivery]
}

resource "aws_route53_resolver_query_log_config" "main" {
  name            = local.name
  destination_arn = aws_cloudwatch_log_group.queries.arn
  depends_on      = [aws_cloudwatch_log_resource_policy.delivery]
}

resource "aws_route53_resolver_query_log_config_association" "main" {
  resolver_query_log_config_id = aws_route53_resolver_query_log_config.main.id
  resource_id                  = aws_vpc.main.id
}

resource "aws_cloudwatch_log_metric_filter" "name_errors" {
  name           = "${local.name}-name-errors"
  log_group_name = aws_cloudwatch_log_group.queries.name
  pattern        = "{ $.rcode = \"NXDOMAIN\" }"
  metric_transformation {
    namespace     = "${local.name}/dns"
    name          = "NameErrors"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "name_errors" {
  alarm_name          = "${local.name}-name-errors"
  alarm_description   = "Names are asked for that are not there."
  namespace           = "${local.name}/dns"
  metric_name         = "NameErrors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = local.name
  dashboard_body = jsonencode({
    widgets = [{
      type   = "metric"
      x      = 0
      y      = 0
      width  = 12
      height = 6
      properties = {
        metrics = [["${local.name}/dns", "NameErrors"]]
        region  = data.aws_region.current.id
        stat    = "Sum"
        view    = "timeSeries"
      }
    }]
  })
}
