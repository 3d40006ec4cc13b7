# The article's platform. What the article prints stands here as it is there. What it leaves out (namespace, cluster,
# EFS, ECR, IAM, task definitions) has only the arguments that the resource cannot do without.

module "dns_namespace" {
  source         = "./modules/core/dns_namespace"
  namespace_name = "trading-platform.local"
  vpc_id         = var.vpc_id
}

resource "aws_ecs_cluster" "ecs_cluster" {
  name = "trading-platform"
}

module "efs" {
  source  = "./modules/core/efs"
  subnets = var.subnets
}

module "stock_data_ecr" {
  source          = "./modules/core/ecr"
  repository_name = "stock-service"
}

module "signal_processing_ecr" {
  source          = "./modules/core/ecr"
  repository_name = "signal-processing-service"
}

module "iam" {
  source              = "./modules/core/iam"
  ecr_repository_arns = [module.stock_data_ecr.repository_arn, module.signal_processing_ecr.repository_arn]
}

# The article calls core/service_discovery here and has another Cloud Map service in each service's module. Two of one
# name cannot be in one namespace, so each service's module makes the call.

module "stock_data_service_ecs" {
  source                      = "./modules/services/stock_data_service"
  subnets                     = var.subnets
  security_groups             = var.security_groups
  ecs_cluster_id              = aws_ecs_cluster.ecs_cluster.id
  efs_file_system_id          = module.efs.file_system_id
  ecs_task_execution_role_arn = module.iam.ecs_task_execution_role_arn
  ecr_repository_url          = module.stock_data_ecr.repository_url
  # the article calls this output `namespace_id` in one place and `id` in another
  namespace_id = module.dns_namespace.namespace_id
}

module "signal_processing_service_ecs" {
  source                      = "./modules/services/signal_processing_service"
  subnets                     = var.subnets
  security_groups             = var.security_groups
  ecs_cluster_id              = aws_ecs_cluster.ecs_cluster.id
  efs_file_system_id          = module.efs.file_system_id
  ecs_task_execution_role_arn = module.iam.ecs_task_execution_role_arn
  ecr_repository_url          = module.signal_processing_ecr.repository_url
  namespace_id                = module.dns_namespace.namespace_id
}
