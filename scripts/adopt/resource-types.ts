import { textOf, type JsonObject } from "./json";

/** What becomes of an attribute that AWS cannot change and that differs. */
export type Unchangeable =
  /** Nothing else depends on its value: what exists keeps it. */
  | "keep"
  /** Other resources, names or addresses follow from it: what makes the configuration say the same. */
  | { readonly mend: string };

export interface ResourceType {
  /** What tells one from another where it is configured literally. */
  readonly identity?: readonly string[];
  /** What it belongs to: a reference to another resource, of which it is the only one of its type. */
  readonly owner?: string;
  /** There is one in the whole deployment: where there is one on both sides, they are each other's. */
  readonly single?: boolean;
  /** A change makes a new one beside the old one, which stays as it is. */
  readonly revisions?: boolean;
  /** By path: attributes that would replace the resource. */
  readonly unchangeable: Readonly<Record<string, Unchangeable>>;
  /** What the provider assumes where the configuration says nothing. */
  readonly defaults?: JsonObject;
  /** What `import` wants. @default - the type is not imported */
  readonly importId?: (values: JsonObject) => string;
}

const attribute =
  (name: string) =>
  (values: JsonObject): string =>
    textOf(values, name);
const both =
  (one: string, other: string) =>
  (values: JsonObject): string =>
    `${textOf(values, one)}:${textOf(values, other)}`;
const id = attribute("id");

/** Words for what only the modules themselves can take. */
const ownApp = (module: string, property: string): Unchangeable => ({
  mend: `write a stack of your own from the modules (examples/adopt) with ${module}'s \`${property}\``,
});

/**
 * What is known of each type that the platform is made of, and of the article's. `unchangeable` is what the provider
 * replaces a resource for; the tests hold it against Terraform's own plan.
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  aws_service_discovery_private_dns_namespace: {
    identity: ["name"],
    single: true,
    unchangeable: {
      name: { mend: "give TradingPlatformStack (or DnsNamespace) this `namespaceName`" },
      vpc: { mend: "give the variable `vpc_id` this VPC" },
    },
    importId: both("id", "vpc"),
  },
  aws_service_discovery_service: {
    identity: ["name"],
    unchangeable: {
      name: ownApp("EcsService", "serviceName"),
      "dns_config.dns_records.type": ownApp("CloudMapDns", "recordTypes"),
      "dns_config.routing_policy": ownApp("ServiceDiscovery", "routingPolicy"),
      "dns_config.namespace_id": { mend: "adopt the namespace that the service is in as well" },
      health_check_custom_config: "keep",
    },
    importId: id,
  },
  aws_ecs_cluster: {
    identity: ["name"],
    single: true,
    unchangeable: { name: ownApp("EcsCluster", "clusterName") },
    importId: attribute("name"),
  },
  aws_ecs_cluster_capacity_providers: {
    owner: "cluster_name",
    unchangeable: { cluster_name: { mend: "adopt the cluster as well" } },
    importId: attribute("cluster_name"),
  },
  aws_ecs_service: {
    identity: ["name"],
    unchangeable: {
      name: ownApp("EcsService", "serviceName"),
      cluster: { mend: "adopt the cluster that the service runs in as well" },
      launch_type: ownApp("EcsService", "capacity"),
      scheduling_strategy: {
        mend: "make it a REPLICA service first; a DAEMON cannot be registered by these modules",
      },
    },
    defaults: { scheduling_strategy: "REPLICA" },
    importId: (values) => `${textOf(values, "cluster").replace(/^.*\//, "")}/${textOf(values, "name")}`,
  },
  aws_ecs_task_definition: { identity: ["family"], revisions: true, unchangeable: {} },
  aws_ecr_repository: {
    identity: ["name"],
    unchangeable: { name: ownApp("Ecr", "repositoryName") },
    importId: attribute("name"),
  },
  aws_ecr_lifecycle_policy: {
    owner: "repository",
    unchangeable: { repository: { mend: "adopt the repository as well" } },
    importId: attribute("repository"),
  },
  aws_efs_file_system: {
    single: true,
    unchangeable: {
      encrypted: "keep",
      creation_token: "keep",
      performance_mode: {
        mend: "keep it out of Terraform's hands: Efs.fromEfsAttributes in a stack of your own (examples/adopt)",
      },
    },
    importId: id,
  },
  aws_efs_mount_target: {
    owner: "file_system_id",
    unchangeable: { file_system_id: { mend: "adopt the file system as well" } },
    importId: id,
  },
  aws_efs_file_system_policy: {
    owner: "file_system_id",
    unchangeable: { file_system_id: { mend: "adopt the file system as well" } },
    importId: attribute("file_system_id"),
  },
  aws_efs_access_point: {
    identity: ["root_directory.path"],
    unchangeable: {
      file_system_id: { mend: "adopt the file system as well" },
      "posix_user.uid": ownApp("EfsAccessPoint", "uid"),
      "posix_user.gid": ownApp("EfsAccessPoint", "gid"),
      "root_directory.creation_info.owner_uid": ownApp("EfsAccessPoint", "uid"),
      "root_directory.creation_info.owner_gid": ownApp("EfsAccessPoint", "gid"),
      "root_directory.creation_info.permissions": ownApp("EfsAccessPoint", "permissions"),
    },
    importId: id,
  },
  aws_cloudwatch_log_group: {
    identity: ["name"],
    unchangeable: { name: { mend: "leave it out: the platform makes a log group of its own" } },
    importId: attribute("name"),
  },
  aws_iam_role: {
    unchangeable: { name: "keep", name_prefix: "keep", path: "keep" },
    defaults: { path: "/" },
    importId: attribute("name"),
  },
  aws_iam_role_policy: {
    owner: "role",
    unchangeable: {
      name: "keep",
      name_prefix: "keep",
      role: { mend: "adopt the role as well" },
    },
    importId: both("role", "name"),
  },
};
