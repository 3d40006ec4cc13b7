import { TerraformResource, TerraformStack } from "cdktf";
import { STACKS, type StackConfiguration } from "../../stacks";
import { SynthesizedStack } from "../../testing";
import { testApp } from "../modules/stack-of";

type Body = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Body>>>>;

const NAMES = Object.keys(STACKS);
const STAGING: StackConfiguration = {
  prefix: "acme",
  environment: "staging",
  tags: { CostCenter: "4711" },
  backend: { type: "none" },
};

/** All stacks, and the trading platform with everything that can be switched on. */
const OBSERVED = "trading-platform, observed";
const CASES = [...NAMES, OBSERVED];
const nameOf = (title: string): string => title.split(",", 1)[0] ?? title;

async function make(title: string, props: StackConfiguration): Promise<TerraformStack> {
  const app = testApp();
  const name = nameOf(title);
  await STACKS[name]?.(app, { ...props, observability: title === OBSERVED && "with-dns-queries" });
  return TerraformStack.of(app.node.findChild(name));
}

async function resourcesOf(name: string, props: StackConfiguration = STAGING): Promise<Resources> {
  const json = SynthesizedStack.from(await make(name, props)).toJson();
  return (JSON.parse(json) as { resource: Resources }).resource;
}

/** Names that an account, a region or a VPC has once: two environments must not have one in common. */
const SHARED_SPACE = [
  "aws_autoscaling_group.name_prefix",
  "aws_cloudwatch_dashboard.dashboard_name",
  "aws_cloudwatch_event_rule.name_prefix",
  "aws_cloudwatch_log_group.name",
  "aws_cloudwatch_log_resource_policy.policy_name",
  "aws_cloudwatch_metric_alarm.alarm_name",
  "aws_ecr_repository.name",
  "aws_ecs_capacity_provider.name",
  "aws_ecs_cluster.name",
  "aws_ecs_task_definition.family",
  "aws_iam_instance_profile.name_prefix",
  "aws_iam_role.name_prefix",
  "aws_launch_template.name_prefix",
  "aws_route53_resolver_query_log_config.name",
  "aws_lb.name",
  "aws_lb_target_group.name",
  "aws_security_group.name_prefix",
];
/** Names in something that an environment has for itself. */
const OWN_SPACE: Readonly<Record<string, string>> = {
  "aws_cloudwatch_log_metric_filter.log_group_name": "refers to the log group",
  "aws_cloudwatch_log_metric_filter.name": "in the log group",
  "aws_cloudwatch_metric_alarm.metric_name":
    "in a namespace that begins with prefix and environment, or is AWS's own",
  "aws_ecs_cluster_capacity_providers.cluster_name": "refers to the cluster",
  "aws_ecs_service.name": "in the cluster",
  "aws_iam_role_policy.name_prefix": "in the role",
  "aws_route53_record.name": "in the zone",
  "aws_route53_zone.name": "in the VPC, where the same name in every environment is what callers want",
  "aws_service_discovery_private_dns_namespace.name": "in the VPC, likewise",
  "aws_service_discovery_service.name": "in the namespace",
  "aws_vpc_endpoint.service_name": "names the API that is reached",
};
const IS_NAME = /(^|_)(name|name_prefix|family|creation_token)$/;

describe.each(CASES)("names of two environments of %s", (name) => {
  test("differ wherever an account or a region has them once", async () => {
    const [staging, production] = [
      await resourcesOf(name),
      await resourcesOf(name, { ...STAGING, environment: "production" }),
    ];
    let compared = 0;
    for (const [type, byId] of Object.entries(staging)) {
      for (const [id, body] of Object.entries(byId)) {
        for (const [attribute, value] of Object.entries(body)) {
          if (!SHARED_SPACE.includes(`${type}.${attribute}`)) continue;
          compared += 1;
          expect(value).toMatch(/^(\/[a-z0-9/]+\/)?acme-staging[-/]/);
          expect(production[type]?.[id]?.[attribute]).toMatch(/^(\/[a-z0-9/]+\/)?acme-production[-/]/);
        }
      }
    }
    expect(compared).toBeGreaterThan(5);
  });

  test("are all known to be such, or to be in something that an environment has for itself", async () => {
    const found = Object.entries(await resourcesOf(name)).flatMap(([type, byId]) =>
      Object.values(byId).flatMap((body) =>
        Object.keys(body)
          .filter((attribute) => IS_NAME.test(attribute))
          .map((attribute) => `${type}.${attribute}`),
      ),
    );
    const known = [...SHARED_SPACE, ...Object.keys(OWN_SPACE)];
    expect([...new Set(found)].filter((attribute) => !known.includes(attribute))).toEqual([]);
  });
});

describe("an environment of the trading platform", () => {
  /** Every text of the one that is another one in the other, by address. */
  const differences = (one: unknown, other: unknown, path: string): string[] => {
    if (typeof one === "string" && one !== other) return [`${path}: ${one} -> ${String(other)}`];
    if (typeof one !== "object" || one === null) return [];
    return Object.entries(one).flatMap(([key, value]) =>
      differences(value, (other as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`),
    );
  };

  test("differs from the stack without one in these names, and in nothing else", async () => {
    const plain = await resourcesOf("trading-platform", { backend: { type: "none" } });
    const found = differences(plain, await resourcesOf("trading-platform"), "")
      // their stream prefix is the family
      .filter((line) => !line.includes(".container_definitions: "));
    expect(found.sort()).toEqual(
      [
        "aws_cloudwatch_log_group.signal_processing_service.name: /ecs/trading-platform/signal-processing-service -> /ecs/acme-staging-trading-platform/signal-processing-service",
        "aws_cloudwatch_log_group.stock_service.name: /ecs/trading-platform/stock-service -> /ecs/acme-staging-trading-platform/stock-service",
        "aws_ecr_repository.signal_processing_service.name: signal-processing-service -> acme-staging/signal-processing-service",
        "aws_ecr_repository.stock_service.name: stock-service -> acme-staging/stock-service",
        "aws_ecs_cluster.ecs_cluster.name: trading-platform -> acme-staging-trading-platform",
        "aws_ecs_task_definition.signal_processing_service.family: signal-processing-service -> acme-staging-signal-processing-service",
        "aws_ecs_task_definition.stock_service.family: stock-service -> acme-staging-stock-service",
        "aws_efs_file_system.efs.tags.Name: trading-platform-efs -> acme-staging-trading-platform-efs",
        "aws_iam_role.ecs_task_execution_role.name_prefix: trading-platform-execution- -> acme-staging-execution-",
        "aws_iam_role.signal_processing_service_task_role.name_prefix: trading-platform-signal-processing-se- -> acme-staging-signal-processing-servic-",
        "aws_iam_role.stock_service_task_role.name_prefix: trading-platform-stock-service- -> acme-staging-stock-service-",
        "aws_security_group.efs.name_prefix: trading-platform-efs- -> acme-staging-trading-platform-efs-",
        "aws_security_group.efs.tags.Name: trading-platform-efs -> acme-staging-trading-platform-efs",
        "aws_security_group.signal_processing_service.name_prefix: trading-platform-signal-processing-service- -> acme-staging-trading-platform-signal-processing-service-",
        "aws_security_group.signal_processing_service.tags.Name: trading-platform-signal-processing-service -> acme-staging-trading-platform-signal-processing-service",
        "aws_security_group.stock_service.name_prefix: trading-platform-stock-service- -> acme-staging-trading-platform-stock-service-",
        "aws_security_group.stock_service.tags.Name: trading-platform-stock-service -> acme-staging-trading-platform-stock-service",
      ].sort(),
    );
  });

  test("has a state of its own", async () => {
    const backendOf = async (backend: StackConfiguration["backend"]): Promise<unknown> => {
      const stack = await make("trading-platform", { ...STAGING, backend });
      return (JSON.parse(SynthesizedStack.from(stack).toJson()) as { terraform: unknown }).terraform;
    };
    expect(await backendOf({ type: "local" })).toMatchObject({
      backend: { local: { path: "../../../terraform.acme-staging-trading-platform.tfstate" } },
    });
    expect(await backendOf({ type: "s3", bucket: "states", keyPrefix: "team/" })).toMatchObject({
      backend: { s3: { key: "team/acme-staging-trading-platform.tfstate" } },
    });
    expect(await backendOf({ type: "cloud", organization: "acme" })).toMatchObject({
      cloud: { workspaces: { name: "acme-staging-trading-platform" } },
    });
  });

  test("keeps the names that services call each other by", async () => {
    const stack = SynthesizedStack.from(await make("trading-platform", STAGING));
    expect(stack.output("stock_service_url")).toBe("http://stock-service.trading-platform.local");
  });

  test("can run the images of another one, whose repositories it only looks up", async () => {
    const stack = await make("trading-platform", {
      ...STAGING,
      environment: "production",
      repositoriesOf: "staging",
    });
    const synthesized = SynthesizedStack.from(stack);
    expect(synthesized.addresses("aws_ecr_repository")).toEqual([]);
    const { data } = JSON.parse(synthesized.toJson()) as { data: Resources };
    expect(data.aws_ecr_repository).toMatchObject({
      stock_service: { name: "acme-staging/stock-service" },
      signal_processing_service: { name: "acme-staging/signal-processing-service" },
    });
    expect(synthesized.output("stock_service_repository_url")).toBe(
      "${data.aws_ecr_repository.stock_service.repository_url}",
    );
    expect(
      JSON.stringify(synthesized.json("aws_iam_role_policy.ecs_task_execution_role", "policy")),
    ).toContain("data.aws_ecr_repository.stock_service.arn");
  });

  test("makes the repositories where it is the one that the others take them from", async () => {
    const stack = await make("trading-platform", { ...STAGING, repositoriesOf: "staging" });
    expect(SynthesizedStack.from(stack).addresses("aws_ecr_repository")).toHaveLength(2);
  });
});

/** What AWS tags by the provider's `default_tags`. */
const TAGGED_BY_DEFAULT = [
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_metric_alarm",
  "aws_default_security_group",
  "aws_ecr_repository",
  "aws_ecs_capacity_provider",
  "aws_ecs_cluster",
  "aws_ecs_service",
  "aws_ecs_task_definition",
  "aws_efs_access_point",
  "aws_efs_file_system",
  "aws_eip",
  "aws_iam_instance_profile",
  "aws_iam_role",
  "aws_internet_gateway",
  "aws_launch_template",
  "aws_lb",
  "aws_lb_listener",
  "aws_lb_listener_rule",
  "aws_lb_target_group",
  "aws_nat_gateway",
  "aws_route53_resolver_query_log_config",
  "aws_route53_zone",
  "aws_route_table",
  "aws_security_group",
  "aws_service_discovery_private_dns_namespace",
  "aws_service_discovery_service",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
];
/** What has no tags on AWS. */
const UNTAGGED = [
  "aws_cloudwatch_dashboard",
  "aws_cloudwatch_event_target",
  "aws_cloudwatch_log_metric_filter",
  "aws_cloudwatch_log_resource_policy",
  "aws_ecr_lifecycle_policy",
  "aws_ecs_cluster_capacity_providers",
  "aws_efs_file_system_policy",
  "aws_efs_mount_target",
  "aws_iam_role_policy",
  "aws_route",
  "aws_route53_record",
  "aws_route53_resolver_query_log_config_association",
  "aws_route_table_association",
];
/** Has tags, in blocks of their own that `default_tags` does not reach. */
const TAGGED_BY_BLOCKS = ["aws_autoscaling_group"];

describe.each(CASES)("tags in %s", (name) => {
  test("are on everything that can have them", async () => {
    const stack = await make(name, STAGING);
    const resources = stack.node
      .findAll()
      .filter((construct) => TerraformResource.isTerraformResource(construct));
    const { provider } = JSON.parse(SynthesizedStack.from(stack).toJson()) as {
      provider: { aws: [Body] };
    };
    expect(provider.aws).toEqual([
      {
        default_tags: [
          {
            tags: {
              Stack: nameOf(name),
              ManagedBy: "terraform",
              Environment: "staging",
              CostCenter: "4711",
            },
          },
        ],
      },
    ]);
    for (const resource of resources as (TerraformResource & { tagsInput?: Record<string, string> })[]) {
      const type = resource.terraformResourceType;
      const isTaggable = "tagsAll" in resource;
      expect([type, isTaggable]).toEqual([type, TAGGED_BY_DEFAULT.includes(type)]);
      if (!isTaggable) expect([...UNTAGGED, ...TAGGED_BY_BLOCKS]).toContain(type);
      // another provider would have other tags, and tags of its own must not hide those of the stack
      expect(resource.provider).toBeUndefined();
      expect(Object.keys(resource.tagsInput ?? {}).filter((key) => key !== "Name")).toEqual([]);
    }
  });

  test("are on what AWS starts by itself: tasks, instances, their volumes and interfaces, groups", async () => {
    const resources = await resourcesOf(name);
    for (const service of Object.values(resources.aws_ecs_service ?? {})) {
      expect(service).toMatchObject({ propagate_tags: "SERVICE", enable_ecs_managed_tags: true });
    }
    for (const template of Object.values(resources.aws_launch_template ?? {})) {
      const started = ["instance", "volume", "network-interface"].map((resource_type) => ({
        resource_type,
        tags: expect.stringMatching(/^\$\{merge\(data\.aws_default_tags\.\w+\.tags, /) as string,
      }));
      expect(template.tag_specifications).toEqual(started);
    }
    for (const group of Object.values(resources.aws_autoscaling_group ?? {})) {
      expect(group.tag).toEqual([
        { key: "AmazonECSManaged", value: "true", propagate_at_launch: true },
        { key: "Environment", value: "staging", propagate_at_launch: false },
        { key: "CostCenter", value: "4711", propagate_at_launch: false },
      ]);
    }
  });
});
