variable "issuer" {
  description = "Who signs the tokens: token.actions.githubusercontent.com, gitlab.com (or your own GitLab's host), app.terraform.io."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(/[A-Za-z0-9._/-]+)?$", var.issuer))
    error_message = "issuer must be a host without https://, for example token.actions.githubusercontent.com."
  }
}

variable "audience" {
  description = "Whom the tokens are for: sts.amazonaws.com from GitHub, https://gitlab.com from GitLab, aws.workload.identity from HCP Terraform."
  type        = string
  nullable    = false
}

variable "plan_subjects" {
  description = "Subjects (sub) of the tokens that may plan. A * may stand in the last parts, never in the name of the organization, the repository or the project."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.plan_subjects) > 0 && alltrue([for subject in var.plan_subjects : can(regex("^[^*?:]+:[^*?:]+:", subject))])
    error_message = "plan_subjects must name the organization and the repository or project in full, for example repo:my-org/my-repo:pull_request: a pattern there would let strangers in."
  }
}

variable "apply_subject" {
  description = "Subject (sub) of the tokens that may apply: the pipeline's protected environment, for example repo:my-org/my-repo:environment:production."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^*?:]+:[^*?:]+:[^*?]+$", var.apply_subject))
    error_message = "apply_subject must be one subject, without * and ?, for example repo:my-org/my-repo:environment:production."
  }
}

variable "provider_arn" {
  description = "ARN of the account's OIDC provider of that issuer where there is one already: an account has one per issuer."
  type        = string
  default     = null
}

variable "name_prefix" {
  description = "What the names of the stack's roles begin with, and of these two."
  type        = string
  nullable    = false
  default     = "trading-platform"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name_prefix))
    error_message = "name_prefix must be 2 to 41 lower-case letters, digits and hyphens."
  }
}

variable "state_bucket_arn" {
  description = "ARN of the bucket with the state, the output bucket_arn of s3-backend; null where HCP Terraform keeps it."
  type        = string
  default     = null
}

variable "state_key" {
  description = "Key of the state in the bucket, as in <environment>.s3.tfbackend."
  type        = string
  nullable    = false
  default     = "trading-platform.tfstate"
}
