output "registry_arn" {
  value = aws_service_discovery_service.service_discovery.arn
}
