variable "service_name" {
  type = string
}

variable "namespace_id" {
  type = string
}
