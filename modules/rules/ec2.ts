import type { Rules } from "./rule";

const API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide";
const CAPACITY_PROVIDERS = `${GUIDE}/asg-capacity-providers.html`;
const CREATE_PROVIDER = `${API}/API_CreateCapacityProvider.html`;
const GROUP = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html";
const INSTANCE_TYPES = "https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html";
const AMI = `${GUIDE}/retrieve-ecs-optimized_AMI.html`;
const TEMPLATE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html";
const REGISTER = `${API}/API_RegisterTaskDefinition.html`;
const PLACEMENT = `${GUIDE}/task-placement.html`;
const BRIDGE = `${GUIDE}/networking-networkmode-bridge.html`;
const PORT_MAPPING = `${API}/API_PortMapping.html`;

/** EC2 instances, and the tasks on them. */
export const ec2 = {
  sizes: {
    id: "ec2-sizes",
    about: "A group has whole numbers of instances, of which a cluster keeps 5,000 at most.",
    held: "synth",
    allowed: "a whole number up to 5000, from 0 on, for maxCapacity from 1 on",
    mend: "give 0 as minCapacity where the group may be empty, and as maxCapacity what the tasks need at most",
    source: GROUP,
  },
  sizeOrder: {
    id: "ec2-size-order",
    about: "The smallest size of a group is not above its largest, and its first size is between the two.",
    held: "synth",
    allowed: "minCapacity, desiredCapacity and maxCapacity in that order, or the same",
    mend: "lower minCapacity or raise maxCapacity; leave desiredCapacity out to begin with minCapacity",
    source: GROUP,
  },
  desiredCapacityIgnored: {
    id: "ec2-desired-capacity-ignored",
    about: "ECS moves the number of instances: every plan would set it back.",
    held: "design",
    how: "`desired_capacity` is ignored once the group is there.",
    source: CAPACITY_PROVIDERS,
  },
  capacityProviderTaken: {
    id: "ec2-capacity-provider-taken",
    about: "An account has one capacity provider of a name in a region.",
    held: "synth",
    allowed: "a name that no other capacity of the stack has",
    mend: "give one of the two another `capacityProviderName`, or another construct id",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html",
  },
  capacityProviderName: {
    id: "ec2-capacity-provider-name",
    about:
      "Names of capacity providers that begin with aws, ecs or fargate are AWS's own. The provider takes them.",
    held: "synth",
    allowed: "1 to 255 letters, digits, hyphens and underscores, not beginning with aws, ecs or fargate",
    mend: 'choose a name such as "platform-instances"',
    source: CREATE_PROVIDER,
  },
  targetCapacity: {
    id: "ec2-target-capacity",
    about: "The share of the instances that tasks should fill is a percentage.",
    held: "synth",
    allowed: "a whole number from 1 to 100",
    mend: "leave it out for 100: no instance is kept free",
    source: `${API}/API_ManagedScaling.html`,
  },
  clusterStack: {
    id: "ec2-cluster-stack",
    about: "A cluster has one list of its capacity providers, and what is not in it is taken away from it.",
    held: "synth",
    allowed: "a cluster of the same stack: it lists its capacity providers, and they know it by name",
    mend: "make the capacity in the stack of the cluster; services of other stacks can use it",
    source: CAPACITY_PROVIDERS,
  },
  associationOrder: {
    id: "ec2-association-order",
    about: "A capacity provider can be deleted when it is associated no more and no service uses it.",
    held: "design",
    how: "The association refers to the provider, and services depend on the association: both go in that order.",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/11409",
  },
  terminationProtection: {
    id: "ec2-termination-protection",
    about:
      "Managed termination protection needs managed scaling and a group that protects its instances; protected instances keep the group from being deleted.",
    held: "design",
    how: "All three are on, and `force_delete` lets a destroy take the instances too.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html",
  },
  managedTag: {
    id: "ec2-managed-tag",
    about: "ECS tags the group with AmazonECSManaged: without it every plan would take the tag away.",
    held: "design",
    how: "The tag is always written.",
    source: CAPACITY_PROVIDERS,
  },
  userData: {
    id: "ec2-user-data",
    about: "The user data of a launch template is base64: other text is refused in the middle of an apply.",
    held: "design",
    how: "It is made here, of the cluster's name and the agent's settings, and always encoded.",
    source: TEMPLATE,
  },
  launchTemplate: {
    id: "ec2-launch-template",
    about:
      "The name of a launch template has 3 to 128 characters; of its flags version 6 of the provider takes true, false and nothing.",
    held: "design",
    how: "The name is made of the stack's id and that of the capacity, cut to 100, and the provider adds 26 characters; all flags are written as true.",
    source: TEMPLATE,
  },
  instanceType: {
    id: "ec2-instance-type",
    about: "An instance type is a family and a size.",
    held: "synth",
    allowed: "family and size of an EC2 instance, in lower case",
    mend: 'give a type such as "t3.small" or "m7g.large"; `aws ec2 describe-instance-types` lists them',
    source: INSTANCE_TYPES,
  },
  architectureKnown: {
    id: "ec2-architecture-known",
    about: "Image and task definitions are made for one architecture, which the instance type tells.",
    held: "synth",
    allowed: '"X86_64" or "ARM64", where only Terraform knows the instance type',
    mend: "say which of the two all values of the variable have",
    source: INSTANCE_TYPES,
  },
  architecture: {
    id: "ec2-architecture",
    about: "Instances of a type have the architecture of its processors: Graviton's are ARM64.",
    held: "synth",
    allowed: "the architecture that instances of the type have",
    mend: "leave it out, or choose another instance type",
    source: INSTANCE_TYPES,
  },
  oneArchitecture: {
    id: "ec2-one-architecture",
    about: "The instances of a service have one architecture, that of its task definition.",
    held: "synth",
    allowed: "one architecture, which all instances of the `capacity` have",
    mend: "leave `cpuArchitecture` out, and choose types with and without Graviton for different services",
    source: `${GUIDE}/ecs-arm64.html`,
  },
  capacityCluster: {
    id: "ec2-capacity-cluster",
    about: "A service runs on instances that joined its own cluster.",
    held: "synth",
    allowed: "instances of the cluster that the service is in",
    mend: "give the service the cluster of its Ec2Capacity",
    source: CAPACITY_PROVIDERS,
  },
  imageId: {
    id: "ec2-image-id",
    about: "An image is named by its id or by a parameter that holds the id.",
    held: "synth",
    allowed: '"ami-" and 8 or 17 hexadecimal digits, or "resolve:ssm:" and the name of a parameter',
    mend: "leave it out for the image that AWS recommends",
    source: AMI,
  },
  rootVolume: {
    id: "ec2-root-volume",
    about: "A root volume is at least as large as its image, 30 GiB for the one that AWS recommends.",
    held: "synth",
    allowed: "a whole number from 30 to 16384, with an image of your own from 1 on",
    mend: "leave it out for 30, the size of the image that AWS recommends",
    source: AMI,
  },
  taskCpu: {
    id: "ec2-task-cpu",
    about: "On instances a task has 128 to 196608 CPU units.",
    held: "synth",
    allowed: "on EC2 a whole number from 128 to 196608 (CPU units; 1024 are one vCPU)",
    mend: "give what one task needs; its instance must have that much free",
    source: REGISTER,
  },
  taskMemory: {
    id: "ec2-task-memory",
    about: "A task on instances has memory of its own, or each of its containers has; 6 MiB are the least.",
    held: "synth",
    allowed: "on EC2 a whole number from 6 on (MiB)",
    mend: "give what one task needs; its instance must have that much free",
    source: REGISTER,
  },
  placementFargate: {
    id: "ec2-placement-fargate",
    about: "Only instances can be chosen from.",
    held: "synth",
    allowed: "only with a `capacity` of EC2 instances: Fargate has none to choose from",
    mend: "leave it out: tasks on Fargate are spread over the zones of their subnets",
    source: PLACEMENT,
  },
  placementStrategies: {
    id: "ec2-placement-strategies",
    about: "A service has five placement strategies at most, each with the field that its type has.",
    held: "synth",
    allowed: "at most five: spread with a field, binpack with cpu or memory, random without a field",
    mend: 'for example [{ type: "spread", field: "attribute:ecs.availability-zone" }, { type: "binpack", field: "memory" }]',
    source: `${API}/API_PlacementStrategy.html`,
  },
  placementConstraints: {
    id: "ec2-placement-constraints",
    about: "A service has ten placement constraints at most; distinctInstance has no expression.",
    held: "synth",
    allowed:
      "at most ten: memberOf with an expression of at most 2000 characters, distinctInstance without one",
    mend: 'for example [{ type: "distinctInstance" }]',
    source: `${API}/API_PlacementConstraint.html`,
  },
  bridge: {
    id: "ec2-bridge",
    about: "A bridge task is on the network of its instance, of which there is none on Fargate.",
    held: "synth",
    allowed:
      '"awsvpc", or "bridge" with a `capacity` of one Ec2Capacity: a bridge task has the group of its instance',
    mend: "leave it out for awsvpc, in which a task has a group of its own wherever it runs",
    source: BRIDGE,
  },
  bridgeInterface: {
    id: "ec2-bridge-interface",
    about: "A bridge task has no network interface, so that ECS refuses a network configuration.",
    held: "synth",
    allowed: "nothing in bridge mode: a task has the subnet, the groups and the address of its instance",
    mend: "leave it out here; the Ec2Capacity has its own",
    source: BRIDGE,
  },
  bridgeRecords: {
    id: "ec2-bridge-records",
    about: "Bridge tasks are registered by SRV records alone.",
    held: "synth",
    allowed: '["SRV"] in bridge mode: two tasks on an instance have one address, and only their ports differ',
    mend: "leave it out and let callers ask for SRV records, or leave `networkMode` out for tasks with addresses of their own",
    source: `${GUIDE}/service-discovery.html`,
  },
  bridgeServiceConnect: {
    id: "ec2-bridge-service-connect",
    about:
      "In bridge mode the proxy of Service Connect listens on a free port of the instance, another one for each task.",
    held: "synth",
    allowed:
      '"awsvpc" for a service that others reach by Service Connect; in bridge mode it can call such services',
    mend: 'leave it out, or let callers find the service by `new CloudMapDns({ namespace, recordTypes: ["SRV"] })`',
    source: `${API}/API_ServiceConnectService.html`,
  },
  bridgeFileSystem: {
    id: "ec2-bridge-file-system",
    about: "The instances of bridge tasks have rules to groups alone.",
    held: "synth",
    allowed: "the group of the file system, for tasks in bridge mode",
    mend: "give `securityGroupId` to `Efs.fromEfsAttributes`",
  },
  hostPort: {
    id: "ec2-host-port",
    about:
      "A port of the instance is below those that Linux gives out by itself, and not one of SSH and Docker.",
    held: "synth",
    allowed: "a whole number from 1 to 32767 other than 22, 2375 and 2376",
    mend: "leave it out: each task then gets a port that is free on its instance",
    source: PORT_MAPPING,
  },
  hostPortMode: {
    id: "ec2-host-port-mode",
    about: "In awsvpc mode the port of the host is the container port or nothing.",
    held: "synth",
    allowed:
      "a port of the instance only in bridge mode: in awsvpc mode callers reach the container port itself",
    mend: "leave it out",
    source: PORT_MAPPING,
  },
  hostPortTaken: {
    id: "ec2-host-port-taken",
    about: "An instance has a port once: two tasks with the same `hostPort` never run on one.",
    held: "left",
    how: "There may be instances enough; ECS looks for one where the port is free.",
    source: PORT_MAPPING,
  },
  publicAddress: {
    id: "ec2-public-address",
    about: "On instances a task's network interface gets no public address.",
    held: "synth",
    allowed: "false on EC2: only tasks on Fargate can have public addresses of their own",
    mend: "leave it out, and give the subnets a NAT gateway or VPC endpoints",
    source: `${GUIDE}/task-networking-awsvpc.html`,
  },
  targetType: {
    id: "ec2-target-type",
    about: "Targets are addresses for awsvpc tasks and instances for bridge tasks.",
    held: "design",
    how: "`LoadBalanced` derives the type of its target group from the network mode.",
    source: `${GUIDE}/service-load-balancing.html`,
  },
  networkInterfaces: {
    id: "ec2-network-interfaces",
    about:
      "An awsvpc task takes up a network interface of its instance, of which small types have two or three.",
    held: "left",
    how: "Trunking, which raises their number, is a setting of the account. Bridge tasks need none.",
    source: `${GUIDE}/container-instance-eni.html`,
  },
  metadata: {
    id: "ec2-metadata",
    about: "A container that reaches the metadata of its instance has the rights of the instance.",
    held: "design",
    how: "Answers go one network hop far, which the containers of bridge tasks are beyond; for awsvpc tasks the agent blocks them, and tokens are required.",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
  },
} as const satisfies Rules;
