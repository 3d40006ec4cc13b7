# The platform as a module of a configuration in HCL. `npm run synth:hcl -- --module` writes the module.

terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

# region and credentials come from the environment; tags for everything are the caller's
provider "aws" {
  default_tags {
    tags = {
      Stack     = "trading-platform"
      ManagedBy = "terraform"
    }
  }
}

variable "vpc_id" {
  type = string
}

variable "subnets" {
  type = list(string)
}

variable "security_groups" {
  type    = list(string)
  default = []
}

module "platform" {
  source = "../../hcl.out/modules/trading-platform"

  vpc_id          = var.vpc_id
  subnets         = var.subnets
  security_groups = var.security_groups

  stock_service_desired_count = 2
}

output "stock_service_url" {
  value = module.platform.stock_service_url
}

output "stock_service_repository_url" {
  value = module.platform.stock_service_repository_url
}
