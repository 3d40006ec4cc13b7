variable "subnets" {
  type = list(string)
}

variable "security_groups" {
  type = list(string)
}

variable "ecs_cluster_id" {
  type = string
}

variable "efs_file_system_id" {
  type = string
}

variable "ecs_task_execution_role_arn" {
  type = string
}

variable "ecr_repository_url" {
  type = string
}

variable "namespace_id" {
  type = string
}
