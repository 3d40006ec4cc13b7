import type { Rules } from "./rule";

const API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const CREATE = `${API}/API_CreateService.html`;
const STRATEGY = `${API}/API_CapacityProviderStrategyItem.html`;

/** Where the tasks of a service run; a part of the rules for ECS services. */
export const serviceCapacity = {
  launchTypeOrStrategy: {
    id: "ecs-service-launch-type-or-strategy",
    about: "A service has a launch type or a capacity provider strategy; the provider lets both through.",
    held: "design",
    how: "`capacity` is one value, of which one of the two is always written, so that the cluster's default never comes into play.",
    source: CREATE,
  },
  spotLaunchType: {
    id: "ecs-service-spot-launch-type",
    about: "There is no launch type for Spot.",
    held: "design",
    how: "FARGATE_SPOT is a capacity provider of a strategy here.",
    source: STRATEGY,
  },
  strategyNumber: {
    id: "ecs-service-strategy-number",
    about: "A weight goes from 0 to 1000 and a base from 0 to 100000.",
    held: "synth",
    allowed: "whole numbers, weights from 0 to 1000 and bases from 0 to 100000",
    mend: "leave weights and bases out for equal shares",
    source: STRATEGY,
  },
  strategy: {
    id: "ecs-service-strategy",
    about:
      "A strategy names each provider once, with one weight above 0 at least, one base at most and 20 providers at most.",
    held: "synth",
    allowed:
      '"FARGATE", or a list of 1 to 20 different capacity providers with one weight above 0 and at most one base above 0',
    mend: 'for example [{ capacityProvider: "FARGATE", base: 1 }, { capacityProvider: "FARGATE_SPOT", weight: 3 }]',
    source: STRATEGY,
  },
  strategyMix: {
    id: "ecs-service-strategy-mix",
    about: "Fargate and instances are not mixed in one strategy.",
    held: "synth",
    allowed: "Fargate's capacity providers alone, or instances alone",
    mend: "make two services of it, or choose one of the two",
    source: STRATEGY,
  },
  spotOneTask: {
    id: "ecs-service-spot-one-task",
    about: "A service whose one task runs on Spot is away whenever AWS takes the capacity back.",
    held: "warning",
    allowed: "two tasks or more, or a base on capacity that stays",
    mend: 'give `{ capacityProvider: "FARGATE", base: 1 }`, or acknowledge it where the service may be away',
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
  },
  publicSubnets: {
    id: "ecs-service-public-subnets",
    about:
      "The way out of a public subnet is the internet gateway, which is of no use to a task without a public address: its image cannot be pulled.",
    held: "warning",
    allowed: "private subnets, or true for Fargate tasks in public subnets",
    mend: "give the service the `privateSubnetIds` of the network, or `assignPublicIp: true` on Fargate; acknowledge it where VPC endpoints lead to images and logs",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
  },
  providersAssociated: {
    id: "ecs-service-providers-associated",
    about: "A capacity provider is associated with the cluster before a service uses it.",
    held: "design",
    how: "A service with a strategy depends on the association of its cluster; an imported cluster has its own already.",
    source: `${API}/API_PutClusterCapacityProviders.html`,
  },
  strategyChange: {
    id: "ecs-service-strategy-change",
    about: "Provider 5 replaces a service whose strategy changes, unless a new deployment is forced.",
    held: "design",
    how: "`force_new_deployment` is on wherever there is a strategy. From a launch type to a strategy it is a replacement, which the plan shows.",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/43533",
  },
} as const satisfies Rules;
