import type { Rules } from "./rule";

const API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application";
const CREATE = `${API}/API_CreateTargetGroup.html`;
const HEALTH_CHECK = `${GUIDE}/target-group-health-checks.html`;

/** Where load balancers send requests, and how they find out what works. */
export const targetGroup = {
  port: {
    id: "target-group-port",
    about: "Targets listen on a port from 1 to 65535.",
    held: "synth",
    allowed: "a whole number from 1 to 65535",
    mend: "give the port that the container listens on, for example 80",
    source: CREATE,
  },
  deregistrationDelay: {
    id: "target-group-deregistration-delay",
    about:
      "A target that is taken out may finish its requests for 0 to 3600 seconds; the 300 that AWS gives make deployments slow, so it is 30 here.",
    held: "synth",
    allowed: "a whole number from 0 to 3600",
    mend: "give seconds, a little more than the longest request takes",
    source: `${GUIDE}/edit-target-group-attributes.html`,
  },
  path: {
    id: "target-group-path",
    about: "The path of a health check begins with / and has at most 1024 characters.",
    held: "synth",
    allowed: "a path that begins with /, at most 1024 characters, no space",
    mend: 'give a path that needs no login and answers fast, for example "/health"',
    source: HEALTH_CHECK,
  },
  matcher: {
    id: "target-group-matcher",
    about: "A healthy answer has a status from 200 to 499. The provider takes 500 too.",
    held: "synth",
    allowed: 'status codes from 200 to 499: "200", "200,204" or "200-399"',
    mend: "leave it out for 200",
    source: `${API}/API_Matcher.html`,
  },
  interval: {
    id: "target-group-interval",
    about: "A target is asked every 5 to 300 seconds.",
    held: "synth",
    allowed: "a whole number from 5 to 300",
    mend: "give seconds, or leave it out for 15",
    source: HEALTH_CHECK,
  },
  timeout: {
    id: "target-group-timeout",
    about: "A target has 2 to 120 seconds to answer.",
    held: "synth",
    allowed: "a whole number from 2 to 120",
    mend: "give seconds, or leave it out for 5",
    source: HEALTH_CHECK,
  },
  timeoutOfInterval: {
    id: "target-group-timeout-of-interval",
    about: "A target must have answered before it is asked again. The provider does not compare the two.",
    held: "synth",
    allowed: "fewer seconds than the interval",
    mend: "lower the timeout or raise the interval",
    source: CREATE,
  },
  thresholds: {
    id: "target-group-thresholds",
    about: "A target becomes healthy, or unhealthy, after 2 to 10 answers in a row.",
    held: "synth",
    allowed: "a whole number from 2 to 10",
    mend: "give a number of answers, or leave it out",
    source: HEALTH_CHECK,
  },
  healthCheckProtocol: {
    id: "target-group-health-check-protocol",
    about: "Targets that speak HTTP are not checked by TCP.",
    held: "design",
    how: "Requests and health checks are always HTTP; there is no input for either.",
    source: HEALTH_CHECK,
  },
  vpc: {
    id: "target-group-vpc",
    about: "A target group of addresses or instances is made in a VPC.",
    held: "design",
    how: "The types demand `vpcId`.",
    source: CREATE,
  },
  replaced: {
    id: "target-group-replaced",
    about:
      "Another port, VPC or kind of target replaces the group, and one that a rule uses cannot be deleted: ResourceInUse.",
    held: "design",
    how: "The new one is made first (`create_before_destroy`), and has another name: what cannot be changed is in its hash.",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/16889",
  },
  oneService: {
    id: "target-group-one-service",
    about: "Two services in one target group take each other's requests.",
    held: "absent",
    how: "`LoadBalanced` makes a group for each service; an `EcsService` takes none that exists already.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
  },
  oneLoadBalancer: {
    id: "target-group-one-load-balancer",
    about: "A target group belongs to one load balancer.",
    held: "design",
    how: "A group that `LoadBalanced` makes is put on one listener.",
    source: `${GUIDE}/load-balancer-limits.html`,
  },
} as const satisfies Rules;
