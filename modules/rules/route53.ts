import type { Rules } from "./rule";

const API = "https://docs.aws.amazon.com/Route53/latest/APIReference";
const NAMES = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html";
const RECORD = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_record";

/** Private zones, their records, and the hosts that services answer at. */
export const route53 = {
  hostName: {
    id: "route53-host-name",
    about:
      "A host is a DNS name alone: labels of 1 to 63 characters, 253 in all, upper and lower case being one.",
    held: "synth",
    allowed: "a DNS name in lower case, without scheme, port and path",
    mend: 'give a name such as "stock-service.trading-platform.internal"',
    source: NAMES,
  },
  zoneTopLevelDomain: {
    id: "route53-zone-top-level-domain",
    about: "Route 53 makes no zone for a public top-level domain alone.",
    held: "synth",
    allowed: "a name that is no public top-level domain",
    mend: 'put a name of your own before it, or end with "internal", which is reserved for private use',
    source: `${API}/API_CreateHostedZone.html`,
  },
  recordTaken: {
    id: "route53-record-taken",
    about: "A zone has a name of a type once: a second record fails, since the provider does not overwrite.",
    held: "synth",
    allowed: "a name that nothing else in the zone has",
    mend: "give one of the two another name",
    source: `${API}/API_ChangeResourceRecordSets.html`,
  },
  cloudMapZone: {
    id: "route53-cloud-map-zone",
    about:
      "The zone of a Cloud Map namespace can only be managed through Cloud Map: Route 53 refuses records.",
    held: "synth",
    allowed: "a zone of Route 53: the records of a namespace can only be changed through Cloud Map",
    mend: "make a `PrivateZone` of another name for the load balancer",
    source: "https://github.com/aws/aws-cdk/issues/31391",
  },
  zoneTaken: {
    id: "route53-zone-taken",
    about: "A VPC has one private zone of a name, those of Cloud Map's namespaces counted.",
    held: "design",
    how: "`PrivateZone` takes its name in the same list as `DnsNamespace`; `cloud-map-namespace-taken` reports it.",
    source: `${API}/API_CreateHostedZone.html`,
  },
  alias: {
    id: "route53-alias",
    about: "An alias has no TTL and no values.",
    held: "design",
    how: "`addAlias` is the only way to make a record, and writes neither.",
    source: RECORD,
  },
  aliasHealth: {
    id: "route53-alias-health",
    about:
      "An alias that looks at its target's health goes with the first unhealthy service behind a load balancer.",
    held: "design",
    how: "`evaluate_target_health` is always off: many names stand for one load balancer.",
    source: `${API}/API_AliasTarget.html`,
  },
  zoneAssociations: {
    id: "route53-zone-associations",
    about:
      "VPCs that are associated with the zone elsewhere are taken away in every plan: the zone's own list is complete.",
    held: "left",
    how: "A zone here has one VPC, and `vpcId` says so. For more of them make the zone yourself and import it.",
    source:
      "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_zone_association",
  },
} as const satisfies Rules;
