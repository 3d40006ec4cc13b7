output "plan_role_arn" {
  description = "The role that plans take on"
  value       = aws_iam_role.plan.arn
}

output "apply_role_arn" {
  description = "The role that applies take on"
  value       = aws_iam_role.apply.arn
}
