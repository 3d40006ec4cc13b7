import { TerraformVariable, type TerraformStack, type TerraformVariableValidationConfig } from "cdktf";
import { IMAGE_TAG } from "../modules/core/storage/container-image";
import {
  MAX_GIVEN_SECURITY_GROUPS,
  MAX_SUBNETS,
  SECURITY_GROUP_ID,
  SUBNET_ID,
  VPC_ID,
} from "../modules/core/network/network-ids";
import { image } from "../modules/rules/image";

/** ECS runs at most this many tasks of a service that is registered in Cloud Map. */
const MAX_DISCOVERED_TASKS = 1000;

/** `var.vpc_id`: the VPC that everything is put into. */
export function vpcIdVariable(stack: TerraformStack): TerraformVariable {
  return new TerraformVariable(stack, "vpc_id", {
    type: "string",
    nullable: false,
    description:
      "Id of the VPC. Its DNS support and DNS host names must both be on, or no name will resolve.",
    validation: [
      {
        condition: `\${can(regex("${VPC_ID}", var.vpc_id))}`,
        errorMessage:
          'vpc_id must be the id of a VPC: "vpc-" and 8 or 17 hexadecimal digits, for example vpc-0a1b2c3d4e5f67890. `aws ec2 describe-vpcs` lists yours.',
      },
    ],
  });
}

/** `var.subnets`: where the tasks and the mount targets are. */
export function subnetsVariable(stack: TerraformStack): TerraformVariable {
  return new TerraformVariable(stack, "subnets", {
    type: "list(string)",
    nullable: false,
    description:
      "Ids of the subnets for the tasks and the file system's mount targets: at least one, each in another availability zone, all in the VPC.",
    validation: [
      {
        condition: `\${length(var.subnets) >= 1 && length(var.subnets) <= ${MAX_SUBNETS}}`,
        errorMessage: `subnets must name 1 to ${MAX_SUBNETS} subnets. Give at least one; two in two availability zones keep the services up when a zone is down.`,
      },
      {
        condition: "${length(distinct(var.subnets)) == length(var.subnets)}",
        errorMessage: "subnets names a subnet twice. Take one of the two out.",
      },
      {
        condition: `\${alltrue([for id in var.subnets : can(regex("${SUBNET_ID}", id))])}`,
        errorMessage:
          'subnets must hold ids of subnets: "subnet-" and 8 or 17 hexadecimal digits. `aws ec2 describe-subnets` lists yours.',
      },
    ],
  });
}

/** `var.security_groups`: groups that the tasks carry beside the one of their service. */
export function securityGroupsVariable(stack: TerraformStack): TerraformVariable {
  return new TerraformVariable(stack, "security_groups", {
    type: "list(string)",
    nullable: false,
    default: [],
    description:
      "Ids of security groups that all tasks carry beside the group of their own service. None are needed: each service's own group lets in its declared callers.",
    validation: [
      {
        condition: `\${length(var.security_groups) <= ${MAX_GIVEN_SECURITY_GROUPS} && length(distinct(var.security_groups)) == length(var.security_groups)}`,
        errorMessage: `security_groups must name at most ${MAX_GIVEN_SECURITY_GROUPS} different groups: a task carries five, and one of them is its service's own.`,
      },
      {
        condition: `\${alltrue([for id in var.security_groups : can(regex("${SECURITY_GROUP_ID}", id))])}`,
        errorMessage:
          'security_groups must hold ids of security groups: "sg-" and 8 or 17 hexadecimal digits. `aws ec2 describe-security-groups` lists yours.',
      },
    ],
  });
}

/** `var.<service>_image_tag`; `latest` names another image tomorrow, so it must be allowed. */
export function imageTagVariable(
  stack: TerraformStack,
  service: string,
  { allowLatest = false } = {},
): TerraformVariable {
  const name = `${service}_image_tag`;
  return new TerraformVariable(stack, name, {
    type: "string",
    nullable: false,
    default: "1.0.0",
    description: `Tag of the image in the repository ${serviceNameOf(service)}. A new tag is a new deployment.`,
    validation: [
      {
        condition: `\${can(regex("${IMAGE_TAG}", var.${name}))}`,
        errorMessage: `${name} must be an image tag: 1 to 128 letters, digits and _ . -, not starting with . or -, for example 1.4.2.`,
      },
      ...(allowLatest ? [] : [notLatest(name)]),
    ],
  });
}

/** `var.<service>_image`: a whole image name, for services whose images are in no repository of the stack. */
export function imageVariable(stack: TerraformStack, service: string): TerraformVariable {
  const name = `${service}_image`;
  return new TerraformVariable(stack, name, {
    type: "string",
    nullable: false,
    description: `Image of ${serviceNameOf(service)}: registry, repository and tag, for example public.ecr.aws/nginx/nginx:1.27. The tasks must be able to pull it without credentials.`,
    validation: [
      {
        condition: `\${can(regex("^[A-Za-z0-9_:./@-]{1,255}$", var.${name}))}`,
        errorMessage: `${name} must be the name of an image: at most 255 letters, digits and _ : . / @ -.`,
      },
    ],
  });
}

/** `var.<service>_desired_count`. */
export function desiredCountVariable(
  stack: TerraformStack,
  service: string,
  byDefault = 1,
): TerraformVariable {
  const name = `${service}_desired_count`;
  return new TerraformVariable(stack, name, {
    type: "number",
    nullable: false,
    default: byDefault,
    description: `Number of tasks of ${serviceNameOf(service)}.`,
    validation: [
      {
        condition: `\${var.${name} >= 0 && var.${name} <= ${MAX_DISCOVERED_TASKS} && floor(var.${name}) == var.${name}}`,
        errorMessage: `${name} must be a whole number from 0 to ${MAX_DISCOVERED_TASKS}: ECS keeps no more tasks of one service in Cloud Map.`,
      },
    ],
  });
}

/** `var.alarm_actions`: who is told of alarms. */
export function alarmActionsVariable(stack: TerraformStack): TerraformVariable {
  return new TerraformVariable(stack, "alarm_actions", {
    type: "list(string)",
    nullable: false,
    default: [],
    description:
      "ARNs of what alarms tell, for example SNS topics; at most 5. Without any, alarms only show.",
    validation: [
      {
        condition:
          "${length(var.alarm_actions) <= 5 && length(distinct(var.alarm_actions)) == length(var.alarm_actions)}",
        errorMessage:
          "alarm_actions must name at most 5 different ARNs: an alarm has no more actions. One SNS topic can tell many.",
      },
      {
        condition: '${alltrue([for arn in var.alarm_actions : can(regex("^arn:[a-z-]+:[a-z0-9-]+:", arn))])}',
        errorMessage:
          "alarm_actions must hold ARNs, for example arn:aws:sns:eu-central-1:123456789012:on-call. `aws sns list-topics` lists yours.",
      },
    ],
  });
}

function notLatest(name: string): TerraformVariableValidationConfig {
  return {
    condition: `\${var.${name} != "latest"}`,
    errorMessage: `${name} cannot be latest, which is another image tomorrow: ${image.latestVariable.mend}.`,
  };
}

/** Variables have Terraform's names, services AWS's. */
function serviceNameOf(variablePrefix: string): string {
  return variablePrefix.replaceAll("_", "-");
}
