resource "aws_service_discovery_private_dns_namespace" "dns_namespace" {
  name = var.namespace_name
  vpc  = var.vpc_id
}
