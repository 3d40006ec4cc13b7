import type { Rules } from "./rule";

const IP_RANGE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html";
const CREATE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html";
const PERMISSION = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html";
const REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources";
const RULE = `${REGISTRY}/vpc_security_group_ingress_rule`;
const QUOTAS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html";

/** Security groups and their rules. */
export const securityGroup = {
  id: {
    id: "security-group-id",
    about: "The provider takes any text for the id of a security group; EC2 knows those that it made.",
    held: "synth",
    allowed: '"sg-" and 8 or 17 hexadecimal digits, or a reference to a security group',
    mend: "copy the id from `aws ec2 describe-security-groups`, or pass the id of a construct or a Terraform variable",
    source: CREATE,
  },
  given: {
    id: "security-group-given",
    about:
      "ECS gives a task's network interface five security groups at most; one of them is the service's own.",
    held: "synth",
    allowed: "a list of at most 4 different security group ids, beside the service's own",
    mend: "leave the list empty: the service has a security group of its own, and connectTo opens what is needed",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html",
  },
  description: {
    id: "security-group-description",
    about:
      "Descriptions of groups and rules have at most 255 characters of a small set. The provider takes quotes, arrows and accents too, EC2 does not.",
    held: "synth",
    allowed: "at most 255 letters from a to z, digits, spaces and . _ - : / ( ) # , @ [ ] + = ; { } ! $ *",
    mend: "write it without quotes, arrows and accents",
    source: IP_RANGE,
  },
  name: {
    id: "security-group-name",
    about:
      "A name has at most 255 characters of the same set, does not begin with sg-, and is there once in a VPC.",
    held: "design",
    how: "It is made of the stack's id and the purpose, other characters becoming hyphens, cut to 100; the provider adds 26 characters that no other name has. In place of sg- it begins with group-.",
    source: CREATE,
  },
  replaced: {
    id: "security-group-replaced",
    about: "Another name or description replaces the group, and a group that is in use cannot be deleted.",
    held: "design",
    how: "The new one is made first (`create_before_destroy`), which the random end of its name allows.",
    source: `${REGISTRY}/security_group`,
  },
  egress: {
    id: "security-group-egress",
    about:
      "Terraform takes away the rule that lets a new group out: without one of its own a task cannot pull its image.",
    held: "design",
    how: "Services and EC2 instances have a rule for HTTPS, to everywhere or to `httpsEgressCidrBlocks`, and one for each callee.",
    source: `${REGISTRY}/security_group`,
  },
  cidrBlocks: {
    id: "security-group-cidr-blocks",
    about: "A rule's network has its first address before the slash, and is there once in a group and port.",
    held: "synth",
    allowed: 'different IPv4 networks such as "10.0.0.0/16", the bits behind the prefix being 0',
    mend: 'give the networks where the interface endpoints are, or leave it out for "0.0.0.0/0"',
    source: IP_RANGE,
  },
  port: {
    id: "security-group-port",
    about: "TCP ports go from 1 to 65535 here: port 0 is nobody's to listen on.",
    held: "synth",
    allowed: "a whole number from 1 to 65535",
    mend: "give the port that the other side listens on, for example 80",
    source: PERMISSION,
  },
  portRange: {
    id: "security-group-port-range",
    about: "A range of ports goes upwards.",
    held: "synth",
    allowed: "a last port that is not below the first",
    mend: "swap the two, or leave `toPort` out for one port",
    source: PERMISSION,
  },
  ruleTaken: {
    id: "security-group-rule-taken",
    about:
      "A group has a rule for a source, a protocol and ports once: a second one fails with InvalidPermission.Duplicate.",
    held: "synth",
    allowed: "groups and ports that nothing else opens",
    mend: "leave one of the two out: `connectTo` may be called twice and opens a port once",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
  },
  ruleSource: {
    id: "security-group-rule-source",
    about: "A rule names one of a network, a prefix list and a group.",
    held: "design",
    how: "`OpenPort` takes two groups and nothing else; rules with a network are made with that alone.",
    source: RULE,
  },
  ruleProtocol: {
    id: "security-group-rule-protocol",
    about: "A rule for TCP has both ports; one for all protocols has none, or every plan changes it.",
    held: "design",
    how: "All rules are for TCP and have both ports.",
    source: RULE,
  },
  ruleResources: {
    id: "security-group-rule-resources",
    about:
      "Rules inside a group and rules that are resources of their own take each other away in every apply.",
    held: "design",
    how: "All rules are resources of their own. Only the default group of a `Network` has its empty lists inside, and nothing else gives it rules.",
    source: RULE,
  },
  quota: {
    id: "security-group-quota",
    about: "A group has 60 rules in each direction unless more are asked for.",
    held: "left",
    how: "The quota is the account's and can be raised; a group gets a rule for each caller, so 60 callers of one service or load balancer are the first to meet it.",
    source: QUOTAS,
  },
  accountId: {
    id: "security-group-account-id",
    about:
      "With `skip_requesting_account_id` the provider cannot tell this account's groups, and every plan changes rules that name one.",
    held: "design",
    how: "`BaseStack` configures the provider, and leaves that argument out.",
    source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#skip_requesting_account_id",
  },
} as const satisfies Rules;
