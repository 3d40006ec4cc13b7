variable "ecr_repository_arns" {
  type = list(string)
}
