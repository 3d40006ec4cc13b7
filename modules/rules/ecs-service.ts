import { serviceCapacity } from "./ecs-service-capacity";
import type { Rules } from "./rule";

const API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide";
const CREATE = `${API}/API_CreateService.html`;
const DEPLOYMENT = `${API}/API_DeploymentConfiguration.html`;
const REGISTRY = `${API}/API_ServiceRegistry.html`;
const RESOURCE = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service";

/** ECS services, and how they are called. */
export const ecsService = {
  clusterTaken: {
    id: "ecs-cluster-name-taken",
    about:
      "An account has one cluster of a name in a region: making a second one gives back the first, and destroying either takes it from both.",
    held: "synth",
    allowed: "a name that no other cluster of the stack has",
    mend: "give one of the two another `clusterName`, or use one cluster for both",
    source: `${API}/API_CreateCluster.html`,
  },
  nameTaken: {
    id: "ecs-service-name-taken",
    about: "A cluster has one service of a name.",
    held: "synth",
    allowed: "a name that no other service of the cluster has",
    mend: "give one of the two another `serviceName`",
    source: CREATE,
  },
  draining: {
    id: "ecs-service-draining",
    about: "A service that was just deleted keeps its name until its tasks are gone.",
    held: "left",
    how: "Only ECS knows what is still draining: apply again a little later.",
    source: CREATE,
  },
  desiredCount: {
    id: "ecs-service-desired-count",
    about: "A service has at most 5,000 tasks.",
    held: "synth",
    allowed: "a whole number from 0 to 5000",
    mend: "give the tasks that run at a time; for more of them than that make two services",
    source: "https://docs.aws.amazon.com/general/latest/gr/ecs-service.html",
  },
  registryFields: {
    id: "ecs-service-registry-fields",
    about:
      "service_registries carries neither port nor container for A and AAAA records, and exactly one of the two ways for SRV. The provider takes all of it.",
    held: "design",
    how: "Derived from the records, and in bridge mode container and port are always named; there is no input for it.",
    source: REGISTRY,
  },
  registryContainer: {
    id: "ecs-service-registry-container",
    about: "Container and port of a registry or a target group are in the task definition.",
    held: "design",
    how: "Both are taken from the container that callers reach.",
    source: REGISTRY,
  },
  oneRegistry: {
    id: "ecs-service-one-registry",
    about: "A service is in one registry.",
    held: "absent",
    how: "`discovery` is one value. For a second way in take `ServiceConnect` with `dns`, which adds no second registry.",
    source: REGISTRY,
  },
  registryChange: {
    id: "ecs-service-registry-change",
    about: "Another registry starts a new deployment of the service.",
    held: "left",
    how: "That is what is wanted: new tasks are registered in the new place. The plan shows it.",
    source: REGISTRY,
  },
  reachablePort: {
    id: "ecs-service-reachable-port",
    about: "A service that is to be reached listens on a TCP port.",
    held: "synth",
    allowed: "at least one TCP port in the first container of a service that others reach",
    mend: "add `portMappings: [{ containerPort: 80 }]`, or leave `discovery` out for a service that nobody calls",
    source: `${GUIDE}/service-discovery.html`,
  },
  callee: {
    id: "ecs-service-callee",
    about: "A service can be called where its name is known when the app is synthesized.",
    held: "synth",
    allowed: "a service whose DNS name is known here",
    mend: "give the service a `discovery`, for example `new CloudMapDns({ namespace })`",
    source: `${GUIDE}/service-discovery.html`,
  },
  idOrConstruct: {
    id: "ecs-service-id-or-construct",
    about: "The article's services take each thing that they need by its id or as the construct that has it.",
    held: "synth",
    allowed: "exactly one of the id and the construct",
    mend: "give the construct where it is at hand, otherwise the id",
  },
  connectPath: {
    id: "ecs-service-connect-path",
    about: "What is put behind host and port is a path.",
    held: "synth",
    allowed: "a path that begins with a slash, without query",
    mend: 'give a path such as "/api/v1"',
  },
  ...serviceCapacity,
  networkConfiguration: {
    id: "ecs-service-network-configuration",
    about: "Tasks in awsvpc mode have a network configuration, bridge tasks must not have one.",
    held: "design",
    how: "Written in awsvpc mode, on Fargate and on instances, and in no other.",
    source: CREATE,
  },
  reachesAws: {
    id: "ecs-service-reaches-aws",
    about:
      "Fargate tasks in public subnets need public addresses, those in private ones NAT or endpoints, or no image is pulled.",
    held: "left",
    how: "Routes of subnets that are known by their ids alone only AWS knows. Where the app has a `Network`, `ecs-service-public-subnets` and `network-way-out` warn.",
    source: `${GUIDE}/fargate-task-networking.html`,
  },
  platformVersion: {
    id: "ecs-service-platform-version",
    about:
      "EFS, Service Connect and large tasks on Fargate need platform version 1.4.0; instances have none.",
    held: "absent",
    how: "The version is not an input and never written: on Fargate ECS takes LATEST, which is 1.4.0.",
    source: `${GUIDE}/platform-fargate.html`,
  },
  oneTargetGroup: {
    id: "ecs-service-one-target-group",
    about: "A service has five target groups at most.",
    held: "absent",
    how: "`LoadBalanced` makes one, and a service has one `discovery`.",
    source: `${GUIDE}/register-multiple-targetgroups.html`,
  },
  listenerFirst: {
    id: "ecs-service-listener-first",
    about: "ECS refuses a target group that no listener uses yet.",
    held: "design",
    how: "The service depends on its listener rule, or on the listener of its own stack whose default it is.",
    source: `${GUIDE}/service-load-balancing.html`,
  },
  gracePeriod: {
    id: "ecs-service-grace-period",
    about: "The grace period is a number of seconds, written only behind a load balancer.",
    held: "synth",
    allowed: "a whole number from 0 to 2147483647",
    mend: "give the seconds that a task takes until it answers, for example 60",
    source: CREATE,
  },
  iamRole: {
    id: "ecs-service-iam-role",
    about: "awsvpc tasks and registries allow no role of the service's own.",
    held: "design",
    how: "There is no input for it: ECS uses its service-linked role.",
    source: CREATE,
  },
  linkedRole: {
    id: "ecs-service-linked-role",
    about: "In a new account the service-linked role of ECS may be missing at first.",
    held: "left",
    how: "Creating a cluster makes it, and the provider tries again; a role of Terraform's would exist already elsewhere.",
    source: `${GUIDE}/using-service-linked-roles.html`,
  },
  minimumHealthyPercent: {
    id: "ecs-service-minimum-healthy-percent",
    about: "At least 0 and at most 100 percent of the tasks are kept healthy.",
    held: "synth",
    allowed: "a whole number from 0 to 100",
    mend: "leave both out for 100 and 200",
    source: DEPLOYMENT,
  },
  maximumPercent: {
    id: "ecs-service-maximum-percent",
    about: "A deployment runs 100 percent of the tasks or more.",
    held: "synth",
    allowed: "a whole number from 100 to 2147483647",
    mend: "leave both out for 100 and 200",
    source: DEPLOYMENT,
  },
  deploymentRoom: {
    id: "ecs-service-deployment-room",
    about:
      "A deployment that may neither stop an old task nor start a new one hangs; percentages are rounded against it.",
    held: "synth",
    allowed: "percentages that leave room for one task more than must stay healthy",
    mend: "lower minimumHealthyPercent or raise maximumPercent: as they are, no old task may stop and no new one may start",
    source: DEPLOYMENT,
  },
  circuitBreaker: {
    id: "ecs-service-circuit-breaker",
    about: "Without a circuit breaker a deployment that cannot succeed goes on for ever.",
    held: "absent",
    how: "Always on, with rollback; the controller is always ECS with rolling updates.",
    source: `${API}/API_DeploymentCircuitBreaker.html`,
  },
  zoneRebalancing: {
    id: "ecs-service-zone-rebalancing",
    about:
      "Rebalancing over zones needs room above 100 percent, and tasks that are spread over zones first; its default differs between versions of the provider.",
    held: "design",
    how: "Always written, and on exactly where the deployment and the placement allow it.",
    source: `${GUIDE}/service-rebalancing.html`,
  },
  daemon: {
    id: "ecs-service-daemon",
    about: "The DAEMON strategy has no desired count, no placement strategy and no Fargate.",
    held: "absent",
    how: "Services here are REPLICA services, on instances too; for one task on each there is the placement constraint distinctInstance.",
    source: CREATE,
  },
  oneTaskDefinition: {
    id: "ecs-service-task-definition-arn",
    about: "A service that names its task definition by the family shows a change in every plan.",
    held: "design",
    how: "The ARN with the revision is referred to.",
    source: RESOURCE,
  },
  propagateTags: {
    id: "ecs-service-propagate-tags",
    about: "Tasks carry the tags of their service only where that is said.",
    held: "design",
    how: "`propagate_tags` is SERVICE and ECS's own tags are on.",
    source: CREATE,
  },
  steadyState: {
    id: "ecs-service-steady-state",
    about:
      "Waiting for the steady state can take twenty minutes, and it is the only way to see a failing image in an apply.",
    held: "left",
    how: "It is the user's choice: `waitForSteadyState`, off by default, since the circuit breaker rolls back by itself.",
    source: RESOURCE,
  },
  permissionsFirst: {
    id: "ecs-service-permissions-first",
    about:
      "Tasks that start before their policies are there fail, and a service whose policies go first never drains.",
    held: "design",
    how: "The service depends on the policies of its roles, on its security group rules and on its mount targets; where they are in another stack, the stacks are ordered.",
    source: RESOURCE,
  },
  executeCommand: {
    id: "ecs-service-execute-command",
    about: "`execute-command` needs four actions of the session channel and likes an init process.",
    held: "design",
    how: "`enableExecuteCommand` grants the actions and adds the process.",
    source: `${GUIDE}/ecs-exec.html`,
  },
  triggers: {
    id: "ecs-service-triggers",
    about: "`triggers` act only together with a forced deployment.",
    held: "design",
    how: "Not used: `force_new_deployment` stands wherever a strategy does, and `replace_triggered_by` where tasks must register anew.",
    source: RESOURCE,
  },
  deploymentController: {
    id: "ecs-service-deployment-controller",
    about: "Another deployment controller replaces the service.",
    held: "absent",
    how: "It is always ECS.",
    source: RESOURCE,
  },
} as const satisfies Rules;
