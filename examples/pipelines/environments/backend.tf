# The synthesized stack has no backend of its own (BACKEND=none). Which bucket is meant, <environment>.s3.tfbackend says:
#   terraform init -backend-config=production.s3.tfbackend
terraform {
  required_version = ">= 1.10.0" # the first with use_lockfile

  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
