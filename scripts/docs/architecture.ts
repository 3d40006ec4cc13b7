import type { Call } from "../../modules/services/calls/endpoint";
import type { OpenPorts } from "../../testing";
import { blocks, namesIn, text, type Arguments, type StackConfiguration } from "./configuration";

/** How callers reach a service. */
export type Way = "DNS" | "DiscoverInstances" | "Service Connect" | "load balancer" | "nobody calls it";

export interface ServiceNode {
  readonly name: string;
  /** `Fargate`, or the name of the instances. */
  readonly runsOn: string;
  readonly port?: number;
  readonly way: Way;
  /** Records with their TTL, for those that are found by DNS: `A, SRV, TTL 60 s`. */
  readonly records?: string;
  /** Terraform name of the namespace that its tasks are registered in. */
  readonly namespace?: string;
  /** Terraform names of the load balancers in front of it. */
  readonly loadBalancers: readonly string[];
  /** Where its containers find which file system. */
  readonly mounts: readonly { readonly path: string; readonly fileSystem: string }[];
  /** Terraform names of the security groups that packets to it arrive at. */
  readonly groups: readonly string[];
}

export interface LoadBalancerNode {
  /** In Terraform. */
  readonly name: string;
  readonly isPublic: boolean;
  /** `HTTP 80`. */
  readonly listeners: readonly string[];
  readonly groups: readonly string[];
}

/** What a stack consists of, as far as one draws it. */
export interface Architecture {
  /** `a VPC of its own`, or the variable that names it. */
  readonly vpc: string;
  readonly services: readonly ServiceNode[];
  readonly loadBalancers: readonly LoadBalancerNode[];
  /** By Terraform name. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Private hosted zones by Terraform name, and the load balancers that they have records for. */
  readonly zones: ReadonlyMap<string, { readonly name: string; readonly leadsTo: readonly string[] }>;
  readonly fileSystems: readonly string[];
  readonly calls: readonly Call[];
  readonly openPorts: OpenPorts;
  /** What has a security group of its own and may call, beside the services: group, callee's group and port. */
  readonly clients: readonly { readonly group: string; readonly to: string; readonly port: string }[];
}

/** Reads the architecture out of what Terraform gets and out of the call graph. */
export function architectureOf(
  config: StackConfiguration,
  calls: readonly Call[],
  openPorts: OpenPorts,
): Architecture {
  const services = config.resources("aws_ecs_service").map(([, service]) => serviceNode(config, service));
  const loadBalancers = config.resources("aws_lb").map(([name, lb]) => loadBalancerNode(config, name, lb));
  const owners = new Set([...services, ...loadBalancers].flatMap(({ groups }) => groups));
  const clients = openPorts.between.flatMap((line) => {
    const [, group = "", to = "", port = ""] = /^(\S+) -> (\S+):(\S+)$/.exec(line) ?? [];
    return owners.has(group) || !owners.has(to) ? [] : [{ group, to, port }];
  });
  return {
    vpc: config.resources("aws_vpc").length > 0 ? "VPC of the stack" : "VPC var.vpc_id",
    services,
    loadBalancers,
    namespaces: new Map(
      ["aws_service_discovery_private_dns_namespace", "aws_service_discovery_http_namespace"]
        .flatMap((type) => config.resources(type))
        .map(([name, namespace]) => [name, text(namespace.name)]),
    ),
    zones: new Map(
      config.resources("aws_route53_zone").map(([name, zone]) => [name, zoneNode(config, name, zone)]),
    ),
    fileSystems: config.resources("aws_efs_file_system").map(([name]) => name),
    calls,
    openPorts,
    clients,
  };
}

function serviceNode(config: StackConfiguration, service: Arguments): ServiceNode {
  const [, task = {}] = config.referred("aws_ecs_task_definition", service.task_definition) ?? [];
  const containers = JSON.parse(text(task.container_definitions)) as Arguments[];
  const [port] = containers
    .flatMap(({ portMappings }) => blocks(portMappings))
    .map(({ containerPort }) => containerPort);
  const loadBalancers = blocks(service.load_balancer).flatMap((lb) =>
    loadBalancersOf(config, lb.target_group_arn),
  );
  const registry = registryOf(config, service);
  return {
    name: text(service.name),
    runsOn: placeOf(service),
    port: typeof port === "number" ? port : undefined,
    way: registry?.way ?? (loadBalancers.length > 0 ? "load balancer" : "nobody calls it"),
    ...registry,
    loadBalancers,
    mounts: mountsOf(task, containers),
    groups: groupsOf(config, service),
  };
}

function placeOf(service: Arguments): string {
  if (service.launch_type === "FARGATE") return "Fargate";
  const providers = blocks(service.capacity_provider_strategy).map(({ capacity_provider: provider }) =>
    text(provider),
  );
  const instances = providers.flatMap((provider) => namesIn(provider, "aws_ecs_capacity_provider"));
  if (instances.length > 0) return `EC2: ${instances.join(", ")}`;
  return providers.map((provider) => (provider === "FARGATE_SPOT" ? "Fargate Spot" : "Fargate")).join(", ");
}

/** Where its tasks are registered, and what of them callers ask for. */
function registryOf(
  config: StackConfiguration,
  service: Arguments,
): Pick<ServiceNode, "way" | "records" | "namespace"> | undefined {
  const [connect] = blocks(service.service_connect_configuration);
  if (connect?.service !== undefined) {
    return { way: "Service Connect", namespace: namespaceIn(connect.namespace) };
  }
  const [registries] = blocks(service.service_registries);
  const [, entry] = config.referred("aws_service_discovery_service", registries?.registry_arn) ?? [];
  if (entry === undefined) return undefined;
  const [dns] = blocks(entry.dns_config);
  if (dns === undefined) return { way: "DiscoverInstances", namespace: namespaceIn(entry.namespace_id) };
  const records = blocks(dns.dns_records);
  const types = records.map(({ type }) => text(type)).join(", ");
  return {
    way: "DNS",
    records: `${types}, TTL ${text(records[0]?.ttl)} s`,
    namespace: namespaceIn(dns.namespace_id),
  };
}

function namespaceIn(reference: unknown): string | undefined {
  return namesIn(reference, "aws_service_discovery_(?:private_dns|http)_namespace")[0];
}

/** The load balancers whose listeners, or the rules on them, send requests to a target group. */
function loadBalancersOf(config: StackConfiguration, targetGroup: unknown): string[] {
  const [name = ""] = namesIn(targetGroup, "aws_lb_target_group");
  const isSentTo = (actions: unknown): boolean => namesIn(actions, "aws_lb_target_group").includes(name);
  const byDefault = config
    .resources("aws_lb_listener")
    .filter(([, { default_action: action }]) => isSentTo(action));
  const byRule = config
    .resources("aws_lb_listener_rule")
    .filter(([, { action }]) => isSentTo(action))
    .flatMap(([, rule]) => [config.referred("aws_lb_listener", rule.listener_arn) ?? []])
    .filter((listener): listener is [string, Arguments] => listener.length > 0);
  const names = [...byDefault, ...byRule].flatMap(([, listener]) =>
    namesIn(listener.load_balancer_arn, "aws_lb"),
  );
  return [...new Set(names)];
}

function loadBalancerNode(config: StackConfiguration, name: string, lb: Arguments): LoadBalancerNode {
  const listeners = config
    .resources("aws_lb_listener")
    .filter(([, listener]) => namesIn(listener.load_balancer_arn, "aws_lb").includes(name));
  return {
    name,
    isPublic: lb.internal === false,
    listeners: listeners.map(([, { protocol, port }]) => `${text(protocol)} ${text(port)}`),
    groups: namesIn(lb.security_groups, "aws_security_group"),
  };
}

function zoneNode(
  config: StackConfiguration,
  zone: string,
  { name }: Arguments,
): { readonly name: string; readonly leadsTo: readonly string[] } {
  const records = config
    .resources("aws_route53_record")
    .filter(([, record]) => namesIn(record.zone_id, "aws_route53_zone").includes(zone));
  const leadsTo = records.flatMap(([, { alias }]) => namesIn(alias, "aws_lb"));
  return { name: text(name), leadsTo: [...new Set(leadsTo)] };
}

function mountsOf(task: Arguments, containers: readonly Arguments[]): ServiceNode["mounts"] {
  return blocks(task.volume).flatMap((volume) => {
    const [efs] = blocks(volume.efs_volume_configuration);
    const [fileSystem] = namesIn(efs?.file_system_id, "aws_efs_file_system");
    if (fileSystem === undefined) return [];
    return containers
      .flatMap(({ mountPoints }) => blocks(mountPoints))
      .filter(({ sourceVolume }) => sourceVolume === volume.name)
      .map(({ containerPath }) => ({ path: text(containerPath), fileSystem }));
  });
}

/** Those of the tasks; of bridge tasks that of their instances. */
function groupsOf(config: StackConfiguration, service: Arguments): string[] {
  const [network] = blocks(service.network_configuration);
  if (network !== undefined) return namesIn(network.security_groups, "aws_security_group");
  const instances = namesIn(service.capacity_provider_strategy, "aws_ecs_capacity_provider");
  return config
    .resources("aws_launch_template")
    .filter(([name]) => instances.includes(name))
    .flatMap(([, template]) => namesIn(template, "aws_security_group"));
}
