/**
 * The resources of `modules.ts`, written on the provider's bindings by hand: what a user would do without this project, with
 * everything known beforehand and nothing checked. Arguments: how many services, and where to.
 */
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { App, TerraformStack, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { IMAGE, NAMESPACE, PORT, SUBNETS, VPC_ID } from "./inputs";

class Service extends Construct {
  public readonly group: SecurityGroup;
  private readonly waitFor: TerraformResource[];

  public constructor(
    chain: Chain,
    private readonly number: number,
    next: Service | undefined,
  ) {
    super(chain, `service_${number}`);
    const name = `service-${number}`;
    const logs = new CloudwatchLogGroup(this, "log_group", {
      name: `/ecs/chain/${name}`,
      retentionInDays: 30,
    });
    const executionRole = new IamRole(this, "ecs_task_execution_role", {
      assumeRolePolicy: chain.trust,
      description: "Starts ECS tasks: pulls images, opens log streams, reads secrets",
      namePrefix: "chain-execution-",
      lifecycle: { createBeforeDestroy: true },
    });
    const policy = new IamRolePolicy(this, "ecs_task_execution_role_policy", {
      namePrefix: "granted-",
      role: executionRole.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "WriteLogs",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${logs.arn}:*`,
          },
        ],
      }),
    });
    const taskRole = new IamRole(this, "task_role", {
      assumeRolePolicy: chain.trust,
      description: `What the containers of ${name} may do`,
      namePrefix: `chain-${name}-`,
      lifecycle: { createBeforeDestroy: true },
    });
    this.group = new SecurityGroup(this, "security_group", {
      description: `Tasks of ${name}`,
      namePrefix: `chain-${name}-`,
      vpcId: VPC_ID,
      tags: { Name: `chain-${name}` },
      lifecycle: { createBeforeDestroy: true },
    });
    const https = new VpcSecurityGroupEgressRule(this, "https", {
      securityGroupId: this.group.id,
      cidrIpv4: "0.0.0.0/0",
      description: "Image, log and secret APIs of AWS",
      fromPort: 443,
      toPort: 443,
      ipProtocol: "tcp",
    });
    this.waitFor = [policy, https];
    if (next) this.open(next);
    const registry = new ServiceDiscoveryService(this, "service_discovery", {
      name,
      description: `Tasks of the ECS service ${name}`,
      forceDestroy: true,
      dnsConfig: {
        namespaceId: chain.namespace.id,
        routingPolicy: "MULTIVALUE",
        dnsRecords: [
          { type: "A", ttl: 60 },
          { type: "SRV", ttl: 60 },
        ],
      },
      healthCheckCustomConfig: { failureThreshold: 1 },
    });
    const environment = next && [
      { name: "NEXT_URL", value: `http://service-${number + 1}.${NAMESPACE}:${PORT}` },
    ];
    const taskDefinition = new EcsTaskDefinition(this, "task_definition", {
      family: name,
      cpu: "256",
      memory: "512",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      executionRoleArn: executionRole.arn,
      taskRoleArn: taskRole.arn,
      containerDefinitions: JSON.stringify([
        {
          name: "app",
          image: IMAGE,
          essential: true,
          portMappings: [{ containerPort: PORT, protocol: "tcp" }],
          environment,
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-group": logs.name,
              "awslogs-region": chain.region.id,
              "awslogs-stream-prefix": name,
              mode: "non-blocking",
              "max-buffer-size": "25m",
            },
          },
        },
      ]),
    });
    new EcsService(this, "service", {
      name,
      cluster: chain.cluster.id,
      taskDefinition: taskDefinition.arn,
      availabilityZoneRebalancing: "ENABLED",
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMaximumPercent: 200,
      deploymentMinimumHealthyPercent: 100,
      desiredCount: 1,
      enableEcsManagedTags: true,
      enableExecuteCommand: false,
      launchType: "FARGATE",
      propagateTags: "SERVICE",
      waitForSteadyState: false,
      networkConfiguration: { assignPublicIp: false, securityGroups: [this.group.id], subnets: SUBNETS },
      serviceRegistries: { port: PORT, registryArn: registry.arn },
      dependsOn: this.waitFor,
      lifecycle: { replaceTriggeredBy: [`\${${registry.fqn}.id}`] },
    });
  }

  private open(next: Service): void {
    const rule = {
      description: `service-${this.number} calls service-${next.number}`,
      fromPort: PORT,
      toPort: PORT,
      ipProtocol: "tcp",
    };
    const to = `to_service_${next.number}`;
    this.waitFor.push(
      new VpcSecurityGroupEgressRule(this, `${to}_egress`, {
        ...rule,
        securityGroupId: this.group.id,
        referencedSecurityGroupId: next.group.id,
      }),
      new VpcSecurityGroupIngressRule(this, `${to}_ingress`, {
        ...rule,
        securityGroupId: next.group.id,
        referencedSecurityGroupId: this.group.id,
      }),
    );
  }
}

class Chain extends TerraformStack {
  public readonly trust: string;
  public readonly region: DataAwsRegion;
  public readonly cluster: EcsCluster;
  public readonly namespace: ServiceDiscoveryPrivateDnsNamespace;

  public constructor(app: App, count: number) {
    super(app, "chain");
    new AwsProvider(this, "aws", { defaultTags: [{ tags: { Stack: "chain", ManagedBy: "terraform" } }] });
    this.region = new DataAwsRegion(this, "region");
    const account = new DataAwsCallerIdentity(this, "account").accountId;
    const { partition } = new DataAwsPartition(this, "partition");
    this.trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "EcsTasks",
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:${this.region.id}:${account}:*` },
          },
        },
      ],
    });
    this.namespace = new ServiceDiscoveryPrivateDnsNamespace(this, "dns_namespace", {
      name: NAMESPACE,
      description: `Names of the services in ${NAMESPACE}`,
      vpc: VPC_ID,
    });
    this.cluster = new EcsCluster(this, "ecs_cluster", {
      name: "chain",
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
    new EcsClusterCapacityProviders(this, "capacity_providers", {
      clusterName: this.cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });
    let next: Service | undefined;
    for (let index = count; index >= 1; index--) next = new Service(this, index, next);
  }
}

const [, , count, outdir] = process.argv;
const app = new App({ outdir });
new Chain(app, Number(count));
app.synth();
