import type { Rules } from "./rule";

const VPC_DNS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html";
const CIDR_BLOCKS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html";
const ZONES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html";
const NAT = "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html";
const AWSVPC = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html";
const PRIVATELINK = "https://docs.aws.amazon.com/vpc/latest/privatelink";

/** VPCs, subnets, availability zones, and ways out of private subnets. */
export const network = {
  vpcId: {
    id: "network-vpc-id",
    about: "The provider takes any text for the id of a VPC; EC2 knows those that it made.",
    held: "synth",
    allowed: '"vpc-" and 8 or 17 hexadecimal digits, or a reference to a VPC',
    mend: "copy the id from `aws ec2 describe-vpcs`, or pass the id of a VPC construct or a Terraform variable",
    source: VPC_DNS,
  },
  subnets: {
    id: "network-subnets",
    about:
      "An ECS service takes 1 to 16 subnets, each once and all of one VPC; what shares its list keeps to that too.",
    held: "synth",
    allowed: "a list of 1 to 16 different subnet ids of one VPC",
    mend: "give at least one subnet; two in two zones keep the service up when a zone is down",
    source: AWSVPC,
  },
  subnetsOfVpc: {
    id: "network-subnets-of-vpc",
    about: "Subnets lie in the VPC of the security groups; ids do not tell whose they are.",
    held: "plan",
    allowed: "subnets of the VPC that is given",
    mend: "give subnets of that VPC, or the `vpcId` that they have: `aws ec2 describe-subnets` lists both",
    source: AWSVPC,
  },
  securityGroupsOfVpc: {
    id: "network-security-groups-of-vpc",
    about: "Security groups that tasks carry belong to the VPC of their subnets.",
    held: "plan",
    allowed: "security groups of the VPC that is given",
    mend: "give groups of that VPC: `aws ec2 describe-security-groups` lists the VPC of each",
    source: AWSVPC,
  },
  cidrBlock: {
    id: "network-cidr-block",
    about: "A network in CIDR notation has its first address before the slash: 10.0.0.1/16 is refused.",
    held: "synth",
    allowed: 'an IPv4 network such as "10.0.0.0/16", the bits behind the prefix being 0',
    mend: "copy it from `aws ec2 describe-vpcs`, or leave it out to have it looked up",
    source: CIDR_BLOCKS,
  },
  size: {
    id: "network-size",
    about:
      "EC2 has VPCs from /16 to /28 and no subnet smaller than /28; a subnet is a sixteenth of its network here.",
    held: "synth",
    allowed:
      'an IPv4 network from /16 to /24 such as "10.0.0.0/16", the bits behind the prefix being 0: its subnets are a ' +
      "sixteenth of it, and the smallest that EC2 has is a /28",
    mend: 'give the first address of the network and its prefix, for example "10.1.0.0/16"; no connected network may use the same addresses',
    source: CIDR_BLOCKS,
  },
  small: {
    id: "network-small",
    about:
      "A load balancer should have a /27 or more in each zone and eight free addresses to grow into, and each task takes an address too; a /24 has subnets of 11 addresses.",
    held: "warning",
    allowed: "a network of /23 or larger",
    mend: "give a larger network, or acknowledge it where a few tasks are all there will ever be",
    source:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
  },
  availabilityZones: {
    id: "network-availability-zones",
    about:
      "A load balancer wants two zones, and a network is made in one region; Local Zones have no NAT gateways and hardly any endpoints.",
    held: "synth",
    allowed:
      "2 to 8 different availability zones of one region by their names, which end with a letter from a to h",
    mend: 'give names such as ["eu-central-1a", "eu-central-1b"], from `aws ec2 describe-availability-zones`, or a number',
    source: ZONES,
  },
  zonesOfRegion: {
    id: "network-zones-of-region",
    about: "Regions have different numbers of zones, and which of them are available only AWS knows.",
    held: "plan",
    allowed: "as many availability zones as the region has, or fewer",
    mend: "give a smaller number of availabilityZones, or deploy to another region",
    source: ZONES,
  },
  zoneNames: {
    id: "network-zone-names",
    about:
      "Accounts that are older than November 2025 have zone names of their own in some regions: us-east-1a is another place in another account.",
    held: "design",
    how: "By their number, zones are AWS's list for the account that is deployed to; names are there for those who want certain ones.",
    source: "https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html",
  },
  zonesMove: {
    id: "network-zones-move",
    about:
      "A zone that is out of order is not in AWS's list, and a subnet in another zone is another subnet.",
    held: "design",
    how: "Terraform ignores changes of the zone of subnets whose zone AWS chose, and the place of a zone in the network is its letter's or its number's.",
    source: ZONES,
  },
  vpcReplaced: {
    id: "network-vpc-replaced",
    about: "Another CIDR block replaces the VPC and everything in it.",
    held: "left",
    how: "The plan shows the replacement, and `cidrBlock` says so; there are no secondary blocks here.",
    source: CIDR_BLOCKS,
  },
  natGateways: {
    id: "network-nat-gateways",
    about: "A NAT gateway stands in one zone: a single one is a zone that all others depend on.",
    held: "synth",
    allowed: '"single", "one-per-zone" or "none"',
    mend: 'choose "one-per-zone" where the loss of a zone must not cut off the others',
    source: NAT,
  },
  natGatewayOrder: {
    id: "network-nat-gateway-order",
    about:
      "A NAT gateway works in a subnet with a route to the internet gateway, which cannot go while public addresses are in the VPC.",
    held: "design",
    how: "It takes the subnet's id from the association with its routes, and its address depends on the internet gateway.",
    source: NAT,
  },
  wayOut: {
    id: "network-way-out",
    about:
      "Tasks pull images from ECR and write logs over the network: private subnets without NAT gateways need endpoints for that.",
    held: "warning",
    allowed: '"s3", "ecr.api", "ecr.dkr" and "logs" at least, where there are no NAT gateways',
    mend: "add them to `vpcEndpoints`, or acknowledge it where `VpcEndpoints` or another network leads there",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
  },
  wayOutOrder: {
    id: "network-way-out-order",
    about: "A task that starts before its subnet's routes and endpoints are there cannot pull its image.",
    held: "design",
    how: "`privateSubnetIds` are the ids that the route table associations know, and those wait for routes, NAT gateways and endpoints.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-outbound.html",
  },
  endpointServices: {
    id: "network-endpoint-services",
    about:
      "The names of endpoint services differ by region and partition, and an unknown one fails in the middle of an apply.",
    held: "synth",
    allowed:
      "a list of different services of s3, ecr.api, ecr.dkr, logs, secretsmanager, ssm, ssmmessages, kms, ecs, ecs-agent, ecs-telemetry",
    mend: 'name what the tasks call; for what is missing here make an aws_vpc_endpoint with the "securityGroupId" of this construct',
    source: `${PRIVATELINK}/aws-services-privatelink-support.html`,
  },
  endpointRouteTables: {
    id: "network-endpoint-route-tables",
    about: "A gateway endpoint without a route table is made without complaint, and nothing goes through it.",
    held: "synth",
    allowed: "at least one route table where a gateway endpoint is wanted: that is how subnets reach S3",
    mend: "give `Network.fromNetworkAttributes` the route tables of the private subnets, or leave s3 out of the services",
    source: `${PRIVATELINK}/gateway-endpoints.html`,
  },
  endpointTaken: {
    id: "network-endpoint-taken",
    about:
      "A VPC has one endpoint with private DNS for a service, and a route table one gateway endpoint for S3: a second one fails with a conflicting DNS domain or route.",
    held: "synth",
    allowed: "services that nothing else has endpoints for in the VPC",
    mend: "leave the service out here, or make all endpoints of the VPC in one place",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/17535",
  },
  defaultSecurityGroup: {
    id: "network-default-security-group",
    about:
      "What is started without a security group has the VPC's default one, whose members reach each other and the internet.",
    held: "design",
    how: "`Network` empties its VPC's default group. All that is made here has a group of its own.",
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
  },
} as const satisfies Rules;
