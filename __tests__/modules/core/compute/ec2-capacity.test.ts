import { Ec2Capacity, type Ec2CapacityProps } from "../../../../modules/core/compute/ec2-capacity";
import { EcsCluster } from "../../../../modules/core/compute/ecs-cluster";
import type { Arguments, SynthesizedStack } from "../../../../testing";
import { groundIn, instancesIn } from "../../ec2";
import {
  dataOf,
  refusalOf,
  SmallStack,
  stackOf,
  statementsOf,
  SUBNETS,
  testApp,
  variable,
  VPC,
} from "../../stack-of";

const made = (props: Partial<Ec2CapacityProps> = {}): SynthesizedStack =>
  stackOf((stack) => void groundIn(stack, props));
const refused = (props: Partial<Ec2CapacityProps>): string =>
  refusalOf((stack) => void groundIn(stack, props));
const template = (props?: Partial<Ec2CapacityProps>): Arguments =>
  made(props).resource("aws_launch_template.instances");
const group = (props?: Partial<Ec2CapacityProps>): Arguments =>
  made(props).resource("aws_autoscaling_group.instances");
const provider = (props?: Partial<Ec2CapacityProps>): Arguments =>
  made(props).resource("aws_ecs_capacity_provider.instances");

describe("an instance", () => {
  test("joins the cluster, and leaves logs and metadata to the roles of the tasks", () => {
    const userData = String(template().user_data);
    expect(userData).toMatch(/^\$\{base64encode\("#!\/bin\/bash\\n/);
    expect(userData).toContain("ECS_CLUSTER=${aws_ecs_cluster.ecs_cluster.name}\\n");
    expect(userData).toContain("\\nECS_AWSVPC_BLOCK_IMDS=true\\n");
    expect(userData).toContain("\\nECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true\\n");
    expect(userData).toContain("<<'SETTINGS' >> /etc/ecs/ecs.config");
  });

  test("gives out its metadata with a token and to one hop only, which containers of bridge tasks are beyond", () => {
    expect(template().metadata_options).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
  });

  test("has an encrypted root volume, of the size that is wanted", () => {
    const ebs = { volume_type: "gp3", volume_size: 30, encrypted: "true", delete_on_termination: "true" };
    expect(template().block_device_mappings).toEqual([{ device_name: "/dev/xvda", ebs }]);
    expect(template({ rootVolumeGib: 100 }).block_device_mappings).toMatchObject([
      { ebs: { volume_size: 100 } },
    ]);
    expect(refused({ rootVolumeGib: 29 })).toContain("rootVolumeGib is 29");
    expect(template({ rootVolumeGib: 8, imageId: "ami-0123abcd" }).image_id).toBe("ami-0123abcd");
    expect(refused({ imageId: "ubuntu" })).toContain('imageId is "ubuntu"');
  });

  test("carries the tags of the stack, and so does its volume", () => {
    expect(dataOf(made(), "aws_default_tags.instances_template")).toBeDefined();
    const { tag_specifications } = template() as unknown as { tag_specifications: { tags: string }[] };
    expect(tag_specifications).toMatchObject([
      { resource_type: "instance" },
      { resource_type: "volume" },
      { resource_type: "network-interface" },
    ]);
    for (const { tags } of tag_specifications) {
      expect(tags).toMatch(
        /^\$\{merge\(data\.aws_default_tags\.instances_template\.tags, .*"small-instances"/,
      );
    }
  });

  test("may do what the agent needs, in its own cluster", () => {
    const cluster = "${aws_ecs_cluster.ecs_cluster.arn}";
    const statements = statementsOf(made(), "aws_iam_role_policy.instances_instance");
    expect(Object.keys(statements)).toEqual(["RegisterInstance", "TakeOrders", "FindEndpoint"]);
    expect(statements.RegisterInstance).toMatchObject({ Resource: cluster });
    expect(statements.TakeOrders).toMatchObject({
      Action: ["ecs:Poll", "ecs:StartTelemetrySession"],
      Resource: expect.stringMatching(/^arn:.*:ecs:.*:container-instance\/\*$/) as string,
      Condition: { ArnEquals: { "ecs:cluster": cluster } },
    });
    expect(statements.FindEndpoint).toMatchObject({ Action: "ecs:DiscoverPollEndpoint", Resource: "*" });
    expect(made().resource("aws_iam_role.instances_instance").assume_role_policy).toContain(
      '"Service":"ec2.amazonaws.com"',
    );
    expect(template().iam_instance_profile).toEqual({ arn: "${aws_iam_instance_profile.instances.arn}" });
  });

  test("can be logged in to where that is asked for", () => {
    const statements = statementsOf(
      made({ enableSessionManager: true }),
      "aws_iam_role_policy.instances_instance",
    );
    expect(Object.keys(statements)).toEqual(expect.arrayContaining(["BeManaged", "OpenSessions"]));
  });

  test("lets nothing in, and may connect by HTTPS only", () => {
    expect(made().openPorts()).toEqual({
      between: [],
      fromAddresses: [],
      toAddresses: ["instances -> 0.0.0.0/0:443"],
      oneSided: [],
    });
    expect(made({ httpsEgressCidrBlocks: ["10.0.0.0/8"] }).openPorts().toAddresses).toEqual([
      "instances -> 10.0.0.0/8:443",
    ]);
    expect(refused({ httpsEgressCidrBlocks: ["10.0.0.1/8"] })).toContain("httpsEgressCidrBlocks");
  });

  test("carries groups that are given beside its own", () => {
    const own = "${aws_security_group.instances.id}";
    expect(template({ securityGroups: ["sg-0123abcd"] }).vpc_security_group_ids).toEqual([
      "sg-0123abcd",
      own,
    ]);
    const stack = stackOf((stack) => {
      groundIn(stack, { securityGroups: variable(stack, "groups", "list(string)").listValue });
    });
    expect(stack.resource("aws_launch_template.instances").vpc_security_group_ids).toBe(
      "${concat(var.groups, [aws_security_group.instances.id])}",
    );
  });
});

describe("the group of instances", () => {
  test("lies in the subnets, has one at least, and begins with as many as it must have", () => {
    expect(group()).toMatchObject({
      vpc_zone_identifier: SUBNETS,
      min_size: 1,
      max_size: 6,
      desired_capacity: 1,
    });
    expect(group({ minCapacity: 2, desiredCapacity: 3 })).toMatchObject({ min_size: 2, desired_capacity: 3 });
  });

  test("is ECS's to scale: Terraform leaves the number and the tag alone, and can destroy it", () => {
    expect(group()).toMatchObject({
      protect_from_scale_in: true,
      force_delete: true,
      tag: [{ key: "AmazonECSManaged", value: "true", propagate_at_launch: true }],
      lifecycle: { create_before_destroy: true, ignore_changes: ["desired_capacity"] },
    });
    expect(provider().auto_scaling_group_provider).toEqual({
      auto_scaling_group_arn: "${aws_autoscaling_group.instances.arn}",
      managed_draining: "ENABLED",
      managed_termination_protection: "ENABLED",
      managed_scaling: { status: "ENABLED", target_capacity: 100 },
    });
  });

  test("is not waited for: an instance that registers before the capacity provider is there is none of its own", () => {
    expect(group().wait_for_capacity_timeout).toBe("0");
  });

  test("comes after what an instance needs to register", () => {
    expect(group().depends_on).toEqual([
      "aws_iam_role_policy.instances_instance",
      "aws_vpc_security_group_egress_rule.instances_https",
    ]);
  });

  test("starts instances with the newest version of the template, and plans show that", () => {
    expect(group().launch_template).toEqual({
      id: "${aws_launch_template.instances.id}",
      version: "${aws_launch_template.instances.latest_version}",
    });
  });

  test.each<[string, Partial<Ec2CapacityProps>]>([
    ["minCapacity is 7", { minCapacity: 7 }],
    ["minCapacity is -1", { minCapacity: -1 }],
    ["maxCapacity is 0", { minCapacity: 0, maxCapacity: 0 }],
    ["maxCapacity is 1.5", { maxCapacity: 1.5 }],
    ["desiredCapacity is 7", { desiredCapacity: 7 }],
    ["desiredCapacity is 1", { minCapacity: 2, desiredCapacity: 1 }],
    ["targetCapacityPercent is 0", { targetCapacityPercent: 0 }],
    ["targetCapacityPercent is 101", { targetCapacityPercent: 101 }],
    ["subnets is []", { subnets: [] }],
    ['vpcId is "main"', { vpcId: "main" }],
  ])("is refused where %s", (message, props) =>
    expect(refused(props)).toContain(`small/instances: ${message}`),
  );
});

describe("the capacity provider", () => {
  test("is called after stack and id, or as is wanted", () => {
    expect(provider().name).toBe("small-instances");
    expect(provider({ capacityProviderName: "spare" }).name).toBe("spare");
  });

  test.each(["aws-x", "ecs-x", "fargate-x", "FARGATE_2", "a b", "", "a".repeat(256)])(
    "cannot be called %j",
    (capacityProviderName) =>
      expect(refused({ capacityProviderName })).toContain("small/instances: capacityProviderName is"),
  );

  test("has a name that AWS takes in a stack whose name AWS would not", () => {
    const stack = new SmallStack(testApp(), "ecs-platform");
    expect(stack.node.id).toBe("ecs-platform");
    groundIn(stack);
    expect(JSON.stringify(stack.toTerraform())).toContain('"name":"for-ecs-platform-instances"');
  });

  test("is one of the cluster's, beside Fargate's, in an order that does not depend on the code's", () => {
    const listed = (...ids: string[]): unknown =>
      stackOf((stack) => {
        const ecsCluster = new EcsCluster(stack, "ecs_cluster", { clusterName: "platform" });
        ids.forEach((id) => instancesIn(stack, ecsCluster, id));
      }).resource("aws_ecs_cluster_capacity_providers.ecs_cluster").capacity_providers;
    const all = [
      "FARGATE",
      "FARGATE_SPOT",
      ...["a", "b"].map((id) => `\${aws_ecs_capacity_provider.${id}.name}`),
    ];
    expect(listed("a", "b")).toEqual(all);
    expect(listed("b", "a")).toEqual(all);
  });

  test("is made in the stack of the cluster, which lists it", () => {
    const app = testApp();
    const ecsCluster = new EcsCluster(new SmallStack(app, "clusters"), "ecs_cluster", { clusterName: "c" });
    expect(() => instancesIn(new SmallStack(app, "other"), ecsCluster, "instances")).toThrow(
      /^other\/instances: ecsCluster is "clusters\/ecs_cluster"\n/,
    );
  });
});

test("instances that exist already are known by their capacity provider, and are not changed", () => {
  const stack = stackOf((stack) => {
    const instances = Ec2Capacity.fromEc2CapacityAttributes(stack, {
      capacityProviderName: "old",
      vpcId: VPC,
      subnets: SUBNETS,
      securityGroupId: "sg-0123abcd",
    });
    expect(instances).toMatchObject({ name: "old", cpuArchitecture: "X86_64", vpcId: VPC });
  });
  expect(stack.addresses()).toEqual([]);
});
