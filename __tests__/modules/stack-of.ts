import { tmpdir } from "node:os";
import { App, TerraformOutput, TerraformVariable, type TerraformStack } from "cdktf";
import { DnsNamespace, type IDnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { InvalidInputError } from "../../modules/core/framework/check";
import { checkFindings, InvalidAppError } from "../../modules/core/framework/findings";
import { ContainerImage } from "../../modules/core/storage/container-image";
import { CloudMapDns } from "../../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import type { EcsServiceProps } from "../../modules/services/ecs-service/ecs-service-props";
import type { ContainerProps } from "../../modules/services/task/container";
import { BaseStack, type BaseStackProps } from "../../stacks/base-stack";
import { SynthesizedStack } from "../../testing";

export const VPC = "vpc-0123456789abcdef0";
export const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
export const CLUSTER = "arn:aws:ecs:eu-central-1:123456789012:cluster/platform";
export const REGISTRY_ARN = "arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-0123456789abcdef";
export const NAMESPACE: IDnsNamespace = {
  namespaceId: "ns-0123456789abcdef",
  namespaceName: "platform.internal",
};

/** A stack with readable addresses and no backend, for whatever a test puts into it. */
export class SmallStack extends BaseStack {
  public constructor(scope: App, id = "small", props: BaseStackProps = { backend: { type: "none" } }) {
    super(scope, id, props);
  }
}

/** An app for stacks that are looked at and never written. */
export function testApp(): App {
  return new App({ outdir: tmpdir() });
}

/** What Terraform gets of a stack that holds what `fill` makes. */
export function stackOf(fill: (stack: SmallStack) => void): SynthesizedStack {
  return SynthesizedStack.of((app) => {
    const stack = new SmallStack(app);
    fill(stack);
    return stack;
  });
}

/** The message with which the stack is refused; fails the test where it is accepted. */
export function refusalOf(fill: (stack: SmallStack) => void): string {
  try {
    stackOf(fill);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("accepted what must be refused");
}

/** Calls a check with a stack of its own and throws what it finds, as synthesizing would. */
export function judging(act: (stack: SmallStack) => void): () => void {
  return () => {
    const stack = new SmallStack(testApp());
    act(stack);
    checkFindings(stack);
  };
}

/** The synthesized JSON; empty where the stack is refused for one of its inputs. */
export function textOf(fill: (stack: SmallStack) => void): string {
  try {
    return stackOf(fill).toJson();
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof InvalidAppError) return "";
    throw error;
  }
}

/** Values that constructs give out, as Terraform gets them. */
export function valuesOf(
  make: (stack: SmallStack) => Readonly<Record<string, string>>,
): Record<string, unknown> {
  let names: string[] = [];
  const stack = stackOf((stack) => {
    const values = make(stack);
    names = Object.keys(values);
    names.forEach((name, index) => new TerraformOutput(stack, `value_${index}`, { value: values[name] }));
  });
  return Object.fromEntries(names.map((name, index) => [name, stack.output(`value_${index}`)]));
}

/** The arguments of a data source; fails the test where there is none. */
export function dataOf(stack: SynthesizedStack, address: string): unknown {
  const [type = "", name = ""] = address.split(".");
  const { data } = JSON.parse(stack.toJson()) as { data?: Record<string, Record<string, unknown>> };
  const found = data?.[type]?.[name];
  if (found === undefined) throw new Error(`there is no data.${address}`);
  return found;
}

/** A container that listens on port 80. */
export function web(props: Partial<ContainerProps> = {}): ContainerProps {
  return {
    name: "web",
    image: ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27"),
    portMappings: [{ containerPort: 80 }],
    ...props,
  };
}

/** A service that can be called, in an imported cluster and namespace. */
export function service(
  stack: TerraformStack,
  serviceName: string,
  props: Partial<EcsServiceProps> = {},
): EcsService {
  return new EcsService(stack, serviceName, {
    serviceName,
    ecsCluster: EcsCluster.fromEcsClusterAttributes({ ecsClusterId: CLUSTER }),
    vpcId: VPC,
    subnets: SUBNETS,
    containers: [web()],
    discovery: new CloudMapDns({ namespace: NAMESPACE }),
    ...props,
  });
}

/** A namespace of the stack itself. */
export function namespaceOf(stack: BaseStack): DnsNamespace {
  return new DnsNamespace(stack, "dns_namespace", { namespaceName: "platform.internal", vpcId: VPC });
}

/** A Terraform variable, whose value synth never knows. */
export function variable(stack: BaseStack, name: string, type = "string"): TerraformVariable {
  return new TerraformVariable(stack, name, { type });
}

/** The containers in a task definition, for a task whose texts hold no reference to be escaped. */
export function containersOf(stack: SynthesizedStack, address: string): Record<string, unknown>[] {
  return stack.json(`aws_ecs_task_definition.${address}`, "container_definitions") as Record<
    string,
    unknown
  >[];
}

/** The statements of a policy, by their sids. */
export function statementsOf(
  stack: SynthesizedStack,
  address: string,
): Record<string, Record<string, unknown>> {
  const { Statement } = stack.json(address, "policy") as {
    Statement: (Record<string, unknown> & { Sid: string })[];
  };
  return Object.fromEntries(Statement.map((statement) => [statement.Sid, statement]));
}
