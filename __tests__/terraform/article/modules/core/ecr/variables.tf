variable "repository_name" {
  type = string
}
