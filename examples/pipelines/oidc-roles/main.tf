# Two roles that a pipeline takes on with a token of its own, so that no access key is kept anywhere: one that reads, for
# plans, and one that changes, for applies. One provider per account and issuer.
terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_iam_openid_connect_provider" "pipeline" {
  count = var.provider_arn == null ? 1 : 0

  url            = "https://${var.issuer}"
  client_id_list = [var.audience]
}

locals {
  provider_arn = var.provider_arn == null ? one(aws_iam_openid_connect_provider.pipeline[*].arn) : var.provider_arn
}

data "aws_iam_policy_document" "trust_plan" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${var.issuer}:aud"
      values   = [var.audience]
    }

    condition {
      test     = "StringLike"
      variable = "${var.issuer}:sub"
      values   = var.plan_subjects
    }
  }
}

data "aws_iam_policy_document" "trust_apply" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${var.issuer}:aud"
      values   = [var.audience]
    }

    # no pattern: who may change things is spelled out
    condition {
      test     = "StringEquals"
      variable = "${var.issuer}:sub"
      values   = [var.apply_subject]
    }
  }
}

resource "aws_iam_role" "plan" {
  name                 = "${var.name_prefix}-pipeline-plan"
  description          = "What the pipeline reads to plan ${var.name_prefix}"
  assume_role_policy   = data.aws_iam_policy_document.trust_plan.json
  max_session_duration = 3600
}

resource "aws_iam_role" "apply" {
  name                 = "${var.name_prefix}-pipeline-apply"
  description          = "What the pipeline does to apply ${var.name_prefix}"
  assume_role_policy   = data.aws_iam_policy_document.trust_apply.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "plan" {
  name   = "plan"
  role   = aws_iam_role.plan.id
  policy = data.aws_iam_policy_document.plan.json
}

resource "aws_iam_role_policy" "apply" {
  name   = "apply"
  role   = aws_iam_role.apply.id
  policy = data.aws_iam_policy_document.apply.json
}
