output "namespace_id" {
  value = aws_service_discovery_private_dns_namespace.dns_namespace.id
}
