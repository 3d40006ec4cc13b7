import type { Rules } from "./rule";

const CREATE_NAMESPACE =
  "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html";
const CREATE_HTTP = "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateHttpNamespace.html";
const CREATE_SERVICE = "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html";
const DNS_RECORD = "https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsRecord.html";
const DNS_CONFIG = "https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html";
const QUOTAS = "https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html";
const VPC_DNS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html";
const ECS_DISCOVERY = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html";
const ECS_REGISTRY = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html";
const CUSTOM_CHECK = "https://docs.aws.amazon.com/cloud-map/latest/api/API_HealthCheckCustomConfig.html";
const PROVIDER_ISSUES = "https://github.com/hashicorp/terraform-provider-aws/issues";

/** Namespaces, and the entries of services in them. */
export const cloudMap = {
  namespaceName: {
    id: "cloud-map-namespace-name",
    about:
      "The name of a DNS namespace is a DNS name in lower case: labels of 1 to 63 characters, 253 in all. The provider takes dots at the end, longer labels and upper case too.",
    held: "synth",
    allowed:
      "a DNS name in lower case: labels of 1 to 63 letters, digits, - and _, joined by dots, 253 characters at most, " +
      "no dot at the end",
    mend: 'choose a name such as "trading-platform.internal"',
    source: CREATE_NAMESPACE,
  },
  namespaceTopLevelDomain: {
    id: "cloud-map-namespace-top-level-domain",
    about: "Route 53 makes no zone for a public top-level domain alone.",
    held: "synth",
    allowed: "a name that is no public top-level domain",
    mend: 'put a name of your own before it, or end with "internal", which is reserved for private use',
    source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html",
  },
  namespaceSingleLabel: {
    id: "cloud-map-namespace-single-label",
    about:
      "A namespace of one label works in the VPC, but a later public top-level domain of that name would be hidden.",
    held: "warning",
    allowed: "a name of two labels or more",
    mend: 'choose a name such as "staging.internal"',
    source: CREATE_NAMESPACE,
  },
  namespaceLocal: {
    id: "cloud-map-namespace-local",
    about:
      "Names that end with .local belong to multicast DNS: an image whose resolver knows mDNS (avahi, macOS, nss-mdns) may not ask the VPC's resolver for them.",
    held: "warning",
    allowed: 'a name that ends with something else, for example "internal"',
    mend: "acknowledge it where no client uses mDNS: images made for containers hardly ever do",
    source: "https://www.rfc-editor.org/rfc/rfc6762#section-3",
  },
  namespaceTaken: {
    id: "cloud-map-namespace-taken",
    about:
      "A VPC has one private zone of a name, and a DNS namespace is one: a second one fails with ConflictingDomainExists.",
    held: "synth",
    allowed: "a name that no other zone and no other Cloud Map namespace of the VPC has",
    mend: 'choose another one, for example "lb.internal.example", or use one namespace for both',
    source: CREATE_NAMESPACE,
  },
  httpNamespaceName: {
    id: "cloud-map-http-namespace-name",
    about:
      "The name of an HTTP namespace has 1 to 1024 characters; the provider takes letters, digits, . - and _.",
    held: "synth",
    allowed: "1 to 1024 letters, digits, dots, hyphens and underscores",
    mend: 'choose a name such as "trading-platform"',
    source: CREATE_HTTP,
  },
  httpNamespaceTaken: {
    id: "cloud-map-http-namespace-taken",
    about:
      "An account has one HTTP namespace of a name in a region: a second one fails with NamespaceAlreadyExists.",
    held: "synth",
    allowed: "a name that no other HTTP namespace of the stack has",
    mend: "give one of the two another name, or use one namespace for both",
    source: CREATE_HTTP,
  },
  vpcDns: {
    id: "cloud-map-vpc-dns",
    about:
      "Names resolve only in a VPC with DNS support and DNS host names, which Terraform leaves off for a new VPC; without them EFS does not mount either.",
    held: "plan",
    allowed: "a VPC with DNS support and DNS host names, both on",
    mend: "turn both on in the VPC, one at a time: `aws ec2 modify-vpc-attribute` with --enable-dns-support, then with --enable-dns-hostnames",
    source: VPC_DNS,
  },
  namespaceReplaced: {
    id: "cloud-map-namespace-replaced",
    about:
      "Another name or VPC replaces the namespace and every service in it, which fails while tasks are registered.",
    held: "left",
    how: "The plan shows the replacement, and the name is a new one on purpose. `force_destroy` and the order of destruction let it go through.",
    source: CREATE_NAMESPACE,
  },
  namespaceInUse: {
    id: "cloud-map-namespace-in-use",
    about: "A namespace can be deleted when no service is left in it.",
    held: "design",
    how: "Services refer to their namespace, so Terraform destroys them first. What ECS made for Service Connect goes a little later: then destroy again.",
    source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html",
  },
  namespaceQuota: {
    id: "cloud-map-namespace-quota",
    about: "An account has 50 namespaces in a region unless more are asked for.",
    held: "left",
    how: "Other stacks and teams use the same quota: only AWS knows how much of it is left.",
    source: QUOTAS,
  },
  negativeTtl: {
    id: "cloud-map-negative-ttl",
    about: "A name without tasks is remembered as missing for as long as the SOA record of the zone says.",
    held: "left",
    how: "Cloud Map has a setting for it, which the provider does not offer. Clients should keep no such answer.",
    source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_SOA.html",
  },
  description: {
    id: "cloud-map-description",
    about: "A description has at most 1024 characters.",
    held: "synth",
    allowed: "at most 1024 characters",
    mend: "shorten it, or leave it out",
    source: CREATE_NAMESPACE,
  },
  serviceName: {
    id: "cloud-map-service-name",
    about:
      "The name of a service in a DNS namespace becomes part of a DNS name, at most 127 characters. The provider does not check it.",
    held: "synth",
    allowed:
      "a DNS label in lower case (or several, joined by dots): 1 to 63 letters, digits, - and _ each, no hyphen at " +
      "either end, 127 characters at most, no space",
    mend: 'choose a name such as "stock-service"; callers will ask DNS for it',
    source: CREATE_SERVICE,
  },
  httpName: {
    id: "cloud-map-http-name",
    about:
      "DiscoverInstances asks by a namespace's HTTP name. It is the name, unless the account has a namespace of that name already: then AWS puts a hash behind it, and callers would ask for the other one.",
    held: "warning",
    allowed: "an HttpNamespace, whose name is there once, or a namespace whose `httpName` is given",
    mend: "take an HttpNamespace, give `httpName`, or acknowledge it if no other VPC of the account has a namespace of that name",
    source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html",
  },
  serviceNameTaken: {
    id: "cloud-map-service-name-taken",
    about: "A name is there once in a namespace, upper and lower case being one.",
    held: "synth",
    allowed: "a name that no other service of the namespace has",
    mend: "give one of the two another name, or register it in another namespace",
    source: CREATE_SERVICE,
  },
  recordTypes: {
    id: "cloud-map-record-types",
    about: "ECS registers awsvpc tasks with A, AAAA and SRV records in certain sets.",
    held: "synth",
    allowed: "[A] [SRV] [A,SRV] [AAAA] [A,AAAA] [A,AAAA,SRV]",
    mend: 'give ["A", "SRV"], or ["A"] where the port is agreed upon',
    source: ECS_DISCOVERY,
  },
  cname: {
    id: "cloud-map-cname",
    about: "ECS never registers a CNAME; the record wants WEIGHTED and no health check.",
    held: "design",
    how: "The type of `recordTypes` has no CNAME, and the set is checked for callers that are not type-checked.",
    source: DNS_RECORD,
  },
  ipv6: {
    id: "cloud-map-ipv6",
    about: "AAAA records need subnets with IPv6.",
    held: "left",
    how: "AAAA is never written unless `recordTypes` asks for it; whether given subnets have IPv6 only AWS knows.",
    source: ECS_DISCOVERY,
  },
  routingPolicy: {
    id: "cloud-map-routing-policy",
    about:
      "MULTIVALUE answers with up to eight healthy tasks, WEIGHTED with one. The provider leaves its check out.",
    held: "synth",
    allowed: '"MULTIVALUE" or "WEIGHTED"',
    mend: "leave it out for MULTIVALUE",
    source: DNS_CONFIG,
  },
  eightAnswers: {
    id: "cloud-map-eight-answers",
    about:
      "MULTIVALUE answers with eight addresses at most: callers of more tasks see eight of them at a time.",
    held: "warning",
    allowed: "at most 8 tasks behind MULTIVALUE",
    mend: "let callers resolve anew every few seconds, or ask the DiscoverInstances API, and acknowledge it",
    source: DNS_CONFIG,
  },
  ttl: {
    id: "cloud-map-ttl",
    about: "A TTL is a whole number of seconds from 0 to 2147483647. The provider takes others too.",
    held: "synth",
    allowed: "a whole number from 0 to 2147483647",
    mend: "give seconds, for example 60 or 10",
    source: DNS_RECORD,
  },
  ttlUnwise: {
    id: "cloud-map-ttl-unwise",
    about:
      "With a TTL of 0 every call asks the VPC's resolver, which answers 1024 packets a second per network interface; above 60 seconds callers hold on to tasks that are gone.",
    held: "warning",
    allowed: "a TTL from 1 to 60 seconds",
    mend: "give 10, or acknowledge it where all callers cache by themselves",
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
  },
  customHealthCheck: {
    id: "cloud-map-custom-health-check",
    about:
      "health_check_custom_config must be there with failure_threshold 1: without it ECS replaces tasks over and over, empty or with another number it is replaced in every plan.",
    held: "design",
    how: "Always written so; there is no input for it.",
    source: CUSTOM_CHECK,
  },
  customHealthCheckStays: {
    id: "cloud-map-custom-health-check-stays",
    about: "Adding or removing the block later replaces the service, which fails while tasks are registered.",
    held: "design",
    how: "It is always there.",
    source: `${PROVIDER_ISSUES}/44285`,
  },
  route53HealthCheck: {
    id: "cloud-map-route53-health-check",
    about: "Route 53 health checks are for public namespaces and cannot stand beside the custom one.",
    held: "absent",
    how: "Not offered: all namespaces here are private or HTTP.",
    source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_HealthCheckConfig.html",
  },
  forceDestroy: {
    id: "cloud-map-force-destroy",
    about: "A service with registered instances cannot be deleted: ResourceInUse.",
    held: "design",
    how: "`force_destroy` is always on: the instances are ECS's tasks, which leave by themselves.",
    source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteService.html",
  },
  recreated: {
    id: "cloud-map-recreated",
    about:
      "A recreated entry keeps its id, so ECS does not register running tasks again and DNS stays empty without an error.",
    held: "design",
    how: "The ECS service is replaced together with the entry (`replace_triggered_by`).",
    source: `${PROVIDER_ISSUES}/46930`,
  },
  instances: {
    id: "cloud-map-instances",
    about: "A service that uses service discovery has at most 1,000 tasks.",
    held: "synth",
    allowed: "a desired count and a maximum of autoscaling of at most 1000",
    mend: "split the service, or reach it by a load balancer",
    source: ECS_DISCOVERY,
  },
  srvName: {
    id: "cloud-map-srv-name",
    about:
      "Clients that follow RFC 2782 to the letter ask for _service._tcp names, which stand for SRV records: nobody asks for an address there.",
    held: "warning",
    allowed: 'SRV records alone under a name such as "_stock._tcp"',
    mend: 'give `recordTypes: ["SRV"]`, or a name such as "stock" where callers ask for addresses',
    source: "https://www.rfc-editor.org/rfc/rfc2782",
  },
  privateAddress: {
    id: "cloud-map-private-address",
    about: "Records hold the private addresses of tasks, so callers need a rule to the container's port.",
    held: "design",
    how: "`connectTo` opens exactly that port, from the caller's group to the callee's.",
    source: ECS_DISCOVERY,
  },
  registryArn: {
    id: "cloud-map-registry-arn",
    about:
      "service_registries takes the ARN of a service, not that of a namespace, which the provider takes too.",
    held: "synth",
    allowed:
      "the ARN of a Cloud Map service: arn:<partition>:servicediscovery:<region>:<account>:service/srv-...",
    mend: "copy it from `aws servicediscovery list-services`, or pass the `registryArn` of a ServiceDiscovery",
    source: ECS_REGISTRY,
  },
  httpDns: {
    id: "cloud-map-http-dns",
    about: "An HTTP namespace has no hosted zone: Cloud Map refuses an entry with DNS records in it.",
    held: "synth",
    allowed: "a namespace that DNS knows: a DnsNamespace, made in this app or imported",
    mend: "make a DnsNamespace, or let callers find the service by `new CloudMapApi({ namespace })` or `new ServiceConnect({ namespace })`",
    source: CREATE_SERVICE,
  },
  otherVpc: {
    id: "cloud-map-other-vpc",
    about:
      "The names of a namespace resolve in its own VPC: tasks that run in another one are registered without complaint, and their neighbours never find them.",
    held: "warning",
    allowed: "a namespace of the VPC that the tasks are in",
    mend: "give both the same `vpcId`, or acknowledge it where the VPCs are connected and callers are in that of the namespace",
    source: CREATE_NAMESPACE,
  },
  namespaceForm: {
    id: "cloud-map-namespace-form",
    about: "A service in a DNS namespace names it in dns_config, one in an HTTP namespace beside it.",
    held: "design",
    how: "`CloudMapDns` writes the one and `CloudMapApi` the other; `cloud-map-http-dns` keeps records out of HTTP namespaces.",
    source: CREATE_SERVICE,
  },
} as const satisfies Rules;
