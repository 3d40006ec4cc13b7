module "stock_data_service_discovery" {
  source       = "../../core/service_discovery"
  service_name = "stock-service"
  namespace_id = var.namespace_id
}

resource "aws_ecs_task_definition" "task_definition" {
  family                   = "stock-service"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = var.ecs_task_execution_role_arn

  container_definitions = jsonencode([{
    name         = "stock-service"
    image        = var.ecr_repository_url
    essential    = true
    portMappings = [{ containerPort = 80 }]
    mountPoints  = [{ sourceVolume = "stock-service", containerPath = "/data" }]
  }])

  volume {
    name = "stock-service"

    efs_volume_configuration {
      file_system_id = var.efs_file_system_id
    }
  }
}

resource "aws_ecs_service" "stock_service" {
  name            = "stock-service"
  cluster         = var.ecs_cluster_id
  task_definition = aws_ecs_task_definition.task_definition.arn
  desired_count   = 1
  launch_type     = "FARGATE"

  service_registries {
    registry_arn = module.stock_data_service_discovery.registry_arn
    port         = "80"
  }

  network_configuration {
    subnets         = var.subnets
    security_groups = var.security_groups
  }

  depends_on = [module.stock_data_service_discovery]
}
