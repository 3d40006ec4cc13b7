variable "bucket" {
  description = "Name of the bucket, unique among all of AWS's."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket must be 3 to 63 lower-case letters, digits and hyphens, for example example-terraform-state-dev."
  }
}

variable "keep_versions_days" {
  description = "Days for which an earlier version of the state is kept after it was replaced."
  type        = number
  nullable    = false
  default     = 365

  validation {
    condition     = var.keep_versions_days >= 30 && floor(var.keep_versions_days) == var.keep_versions_days
    error_message = "keep_versions_days must be a whole number of days, at least 30."
  }
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the state; who runs Terraform needs kms:Decrypt and kms:GenerateDataKey on it. Without one, S3's own encryption."
  type        = string
  default     = null
}
