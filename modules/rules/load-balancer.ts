import type { Rules } from "./rule";

const API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application";
const CREATE = `${API}/API_CreateLoadBalancer.html`;
const LOAD_BALANCERS = `${GUIDE}/application-load-balancers.html`;
const LISTENERS = `${GUIDE}/load-balancer-listeners.html`;

/** Application Load Balancers and their listeners. */
export const loadBalancer = {
  name: {
    id: "load-balancer-name",
    about:
      "Load balancers and target groups have names of at most 32 letters, digits and hyphens, no hyphen at either end, not beginning with internal-, and once in a region.",
    held: "design",
    how: "Names are made of prefix, environment, the stack's id and the purpose, cut to make room for a hash of the Terraform address; there is no input for them.",
    source: CREATE,
  },
  replaced: {
    id: "load-balancer-replaced",
    about:
      "Another scheme or VPC replaces the load balancer, and records that stand for it must have the new one first.",
    held: "design",
    how: "The new one is made first (`create_before_destroy`), and has another name: scheme and VPC are in its hash.",
    source: CREATE,
  },
  subnets: {
    id: "load-balancer-subnets",
    about:
      "An Application Load Balancer is made in two availability zones at least. The provider takes one subnet too.",
    held: "synth",
    allowed: "at least two subnets, in different zones",
    mend: "add a subnet of a second zone",
    source: LOAD_BALANCERS,
  },
  zones: {
    id: "load-balancer-zones",
    about: "A load balancer takes one subnet per availability zone: two of one zone are refused.",
    held: "left",
    how: "`Network` has one subnet of a kind in each zone; which zone the id of another subnet belongs to only AWS knows.",
    source: CREATE,
  },
  scheme: {
    id: "load-balancer-scheme",
    about:
      "A load balancer faces the internet unless Terraform is told otherwise; here it is internal unless that is asked for.",
    held: "synth",
    allowed: '"internal" or "internet-facing"',
    mend: "leave it out for a load balancer that only the VPC reaches",
    source: CREATE,
  },
  idleTimeout: {
    id: "load-balancer-idle-timeout",
    about: "A connection without traffic is closed after 1 to 4000 seconds.",
    held: "synth",
    allowed: "a whole number from 1 to 4000",
    mend: "give seconds, for example 60",
    source: `${GUIDE}/edit-load-balancer-attributes.html`,
  },
  deletionProtection: {
    id: "load-balancer-deletion-protection",
    about: "A load balancer with deletion protection cannot be destroyed.",
    held: "left",
    how: "It is off unless `enableDeletionProtection` is on, and then that is what is wanted: turn it off and apply before a destroy.",
    source: `${GUIDE}/edit-load-balancer-attributes.html`,
  },
  port: {
    id: "load-balancer-port",
    about: "A listener has a port from 1 to 65535.",
    held: "synth",
    allowed: "a whole number from 1 to 65535",
    mend: "give the port that callers use, for example 80",
    source: LISTENERS,
  },
  portTaken: {
    id: "load-balancer-port-taken",
    about: "A load balancer has one listener on a port: a second one fails with DuplicateListener.",
    held: "synth",
    allowed: "a port that no other listener of the load balancer has",
    mend: "give one of the two another port, or put both services behind one listener",
    source: `${API}/API_CreateListener.html`,
  },
  certificate: {
    id: "load-balancer-certificate",
    about: "A listener speaks HTTPS when it has a certificate, and only then it has a TLS policy.",
    held: "synth",
    allowed: "a certificate, where callers use HTTPS: where the port is 443 or there is an `sslPolicy`",
    mend: "give `certificateArn`, or leave out what only HTTPS has",
    source: LISTENERS,
  },
  certificateArn: {
    id: "load-balancer-certificate-arn",
    about: "A listener takes certificates of ACM and of IAM by their ARNs. The provider takes any ARN.",
    held: "synth",
    allowed: "the ARN of a certificate in ACM or IAM",
    mend: "copy it from `aws acm list-certificates`, in the region of the load balancer",
    source: LISTENERS,
  },
  redirectPort: {
    id: "load-balancer-redirect-port",
    about:
      "A load balancer that faces the internet with HTTPS has a listener on port 80 already, which sends callers over to HTTPS.",
    held: "synth",
    allowed: "another port than 80 for HTTPS: there it sends those that come by HTTP over to HTTPS",
    mend: "leave it out for 443",
    source: LISTENERS,
  },
  hostOrZone: {
    id: "load-balancer-host-or-zone",
    about: "The name of a service behind a load balancer is kept elsewhere or made in a zone.",
    held: "synth",
    allowed: "a host whose record is kept elsewhere, or a zone that gets the record, not both",
    mend: "leave `host` out to have the name made of `name` and the zone's",
  },
  hostWildcard: {
    id: "load-balancer-host-wildcard",
    about: "A rule matches wildcards, a caller cannot ask for one.",
    held: "synth",
    allowed: "a DNS name that callers can use, without wildcards",
    mend: "give the name here and the wildcards in `otherHosts`",
  },
  hostNeeded: {
    id: "load-balancer-host-needed",
    about:
      "Only a rule has a priority and further hosts, and no certificate is for the name that AWS gives a load balancer.",
    held: "synth",
    allowed: "a host or a zone, where there is a `name`, a `priority`, `otherHosts` or a certificate",
    mend: "give the service a `host`, or a `zone` to have a name in",
  },
  otherVpc: {
    id: "load-balancer-other-vpc",
    about: "A listener forwards to target groups of its load balancer's own VPC; others are refused.",
    held: "synth",
    allowed: "a load balancer in the VPC that the tasks are in",
    mend: "give the service and the load balancer the same `vpcId`, and subnets of that VPC to both",
    source: "https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1045",
  },
  defaultAction: {
    id: "load-balancer-default-action",
    about: "A listener has one default action: one service at most gets the requests that no rule matches.",
    held: "synth",
    allowed: "one service without a host behind a load balancer",
    mend: "give the service a `host`, or a `zone` to have a name in",
    source: LISTENERS,
  },
} as const satisfies Rules;
