import type { Rules } from "./rule";

const API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide";
const SERVICE = `${API}/API_ServiceConnectService.html`;
const ALIAS = `${API}/API_ServiceConnectClientAlias.html`;
const TIMEOUT = `${API}/API_TimeoutConfiguration.html`;
const CONCEPTS = `${GUIDE}/service-connect-concepts.html`;
const DEPLOY = `${GUIDE}/service-connect-concepts-deploy.html`;
const TLS = `${GUIDE}/service-connect-tls.html`;

/** Services that are reached through the proxies of ECS Service Connect. */
export const serviceConnect = {
  portName: {
    id: "service-connect-port-name",
    about: "A Service Connect service names one of the task's port mappings.",
    held: "design",
    how: "The strategy gives the port mapping that callers reach its name, and refers to it.",
    source: SERVICE,
  },
  port: {
    id: "service-connect-port",
    about: "Only a container that listens on a TCP port can be reached.",
    held: "synth",
    allowed: "at least one TCP port in the first container of a service in Service Connect",
    mend: "add `portMappings: [{ containerPort: 80 }]`, or leave `discovery` out for a service that nobody calls",
    source: SERVICE,
  },
  discoveryName: {
    id: "service-connect-discovery-name",
    about:
      "ECS makes a Cloud Map service of the discovery name, which has 1 to 64 characters. The provider takes others too.",
    held: "synth",
    allowed: "1 to 64 letters from a to z, digits, - and _, not starting with -",
    mend: 'give `discoveryName`, for example "stock-service-sc"; callers do not see it',
    source: SERVICE,
  },
  discoveryNameTaken: {
    id: "service-connect-discovery-name-taken",
    about: "A discovery name is there once in a namespace, among the Cloud Map services in it too.",
    held: "synth",
    allowed: "a name that no other service of the namespace has",
    mend: "give one of the two another `discoveryName`; callers do not see it",
    source: SERVICE,
  },
  alias: {
    id: "service-connect-alias",
    about: "The name that clients ask for is a DNS name in lower case of at most 127 characters.",
    held: "synth",
    allowed:
      "a DNS name in lower case: labels of 1 to 63 letters, digits, - and _, joined by dots, 127 characters at most",
    mend: 'give `clientAlias: { dnsName }`, for example "stock-service.trading-platform"; callers use it',
    source: ALIAS,
  },
  aliasPort: {
    id: "service-connect-alias-port",
    about: "The port of an alias is a TCP port; the provider takes 0 too.",
    held: "synth",
    allowed: "a whole number from 1 to 65535",
    mend: "give the port that callers have in their URLs, for example 80",
    source: ALIAS,
  },
  aliasTaken: {
    id: "service-connect-alias-taken",
    about: "A name with a port stands for one service in a namespace.",
    held: "synth",
    allowed: "a name and port that no other service of the namespace has",
    mend: "give one of the two another `clientAlias`, or put it into another namespace",
    source: ALIAS,
  },
  oneAlias: {
    id: "service-connect-one-alias",
    about: "A Service Connect service has exactly one alias with a port.",
    held: "design",
    how: "One is always written; its defaults are the service's name in the namespace and the container port.",
    source: SERVICE,
  },
  namespaceArn: {
    id: "service-connect-namespace",
    about: "The namespace is given by its ARN and lies in the service's region.",
    held: "synth",
    allowed:
      "the ARN of a Cloud Map namespace: arn:<partition>:servicediscovery:<region>:<account>:namespace/<id>",
    mend: "give the namespaceArn of an HttpNamespace or a DnsNamespace, or copy it from `aws servicediscovery list-namespaces`",
    source: CONCEPTS,
  },
  oneNamespace: {
    id: "service-connect-one-namespace",
    about: "An ECS service is in one Service Connect namespace, with all that it serves and calls.",
    held: "synth",
    allowed: "one namespace for all that a service serves and calls",
    mend: "put the services into one namespace and give it the same way to each, or let one of them be reached by DNS",
    source: CONCEPTS,
  },
  ingressPort: {
    id: "service-connect-ingress-port",
    about: "The proxy may listen on a port of its own above 1024 that no container has.",
    held: "synth",
    allowed: "a whole number from 1025 to 65535 that no container of the task listens on",
    mend: "leave it out: the proxy takes over the container port then",
    source: SERVICE,
  },
  protocol: {
    id: "service-connect-app-protocol",
    about: "A port speaks one application protocol, which the port mapping and the strategy can both name.",
    held: "synth",
    allowed: "the protocol that the port mapping says",
    mend: "say it in one of the two places",
    source: `${API}/API_PortMapping.html`,
  },
  protocolStays: {
    id: "service-connect-app-protocol-stays",
    about: "The application protocol cannot be changed while Service Connect uses the port.",
    held: "left",
    how: "Only the state knows the protocol of before; ECS refuses the change.",
    source: `${API}/API_PortMapping.html`,
  },
  timeout: {
    id: "service-connect-timeout",
    about: "Timeouts of the proxy are whole seconds, 0 being none.",
    held: "synth",
    allowed: "0 for no limit, or whole seconds from 1 to 2147483647",
    mend: "give seconds, for example 60",
    source: TIMEOUT,
  },
  requestTimeout: {
    id: "service-connect-request-timeout",
    about: "Plain TCP has no requests that could time out.",
    held: "synth",
    allowed: "only with the appProtocol http, http2 or grpc",
    mend: "give `idleTimeoutSeconds` alone, or say what the port speaks in `appProtocol`",
    source: TIMEOUT,
  },
  tlsArn: {
    id: "service-connect-tls",
    about: "TLS takes the ARNs of an AWS Private CA, a KMS key and an IAM role.",
    held: "synth",
    allowed: "the ARN of what the property names",
    mend: "copy it from the AWS console or CLI, or pass that of a construct or a Terraform variable",
    source: TLS,
  },
  dnsEntry: {
    id: "service-connect-dns",
    about: "Beside Service Connect a service can have a Cloud Map entry, and nothing else that is reached.",
    held: "synth",
    allowed: "`new CloudMapDns(...)` or `CloudMapDns.registeredIn(entry)`",
    mend: "give one of these, or leave `dns` out",
    source: CONCEPTS,
  },
  memory: {
    id: "service-connect-memory",
    about: "The proxy lives in the memory that the limits of the containers leave: 64 MiB at least.",
    held: "synth",
    allowed: "limits of the containers that leave 64 MiB of the task's memory",
    mend: "give the task more memory, or the containers less",
    source: DEPLOY,
  },
  startOrder: {
    id: "service-connect-start-order",
    about: "A client's tasks know only the endpoints that were there when they started.",
    held: "design",
    how: "`connectTo` lets Terraform make the callee before the caller.",
    source: CONCEPTS,
  },
  containerPort: {
    id: "service-connect-container-port",
    about: "Proxies talk to each other on the container port or the override, not on the alias's port.",
    held: "design",
    how: "`connectTo` opens that port of the callee's group for the caller, and not the alias's.",
    source: CONCEPTS,
  },
  platform: {
    id: "service-connect-platform",
    about:
      "Service Connect is for Linux tasks in awsvpc or bridge mode, on platform version 1.4.0, in services with rolling updates.",
    held: "design",
    how: "All tasks here are Linux tasks in one of the two modes, on LATEST, and the controller is always ECS. Servers in bridge mode are refused by `ec2-bridge-service-connect`.",
    source: CONCEPTS,
  },
  cpu: {
    id: "service-connect-cpu",
    about:
      "AWS recommends 256 CPU units for the proxy on top of what the containers need, 512 for much traffic.",
    held: "left",
    how: "What the containers need is not known here, and with too little the proxy is slow, not broken. The CPU that tasks use shows it.",
    source: DEPLOY,
  },
  notRefreshed: {
    id: "service-connect-not-refreshed",
    about:
      "Before 6.9.0 the provider does not read the configuration back: changes made elsewhere stay unseen.",
    held: "left",
    how: "Nothing in a configuration can change what the provider reads; 6.16 or later is recommended.",
    source: "https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md",
  },
} as const satisfies Rules;
