output "bucket" {
  description = "What stands in <environment>.s3.tfbackend"
  value       = aws_s3_bucket.state.bucket
}

output "bucket_arn" {
  description = "What the roles of the pipeline are given: state_bucket_arn of oidc-roles"
  value       = aws_s3_bucket.state.arn
}
