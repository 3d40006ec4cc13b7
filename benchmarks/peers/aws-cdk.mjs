// The chain of services on AWS CDK's own constructs, as its users write it. Arguments: how many, and where to.
import process from "node:process";
import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Peer, Port, SecurityGroup, Vpc } from "aws-cdk-lib/aws-ec2";
import {
  Cluster,
  ContainerImage,
  ContainerInsights,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
} from "aws-cdk-lib/aws-ecs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { DnsRecordType } from "aws-cdk-lib/aws-servicediscovery";

const NAMESPACE = "chain.internal";
const PORT = 8080;

class Chain extends Stack {
  constructor(app, count) {
    super(app, "chain", { env: { account: "123456789012", region: "us-east-1" } });
    const vpc = Vpc.fromVpcAttributes(this, "vpc", {
      vpcId: "vpc-0a1b2c3d4e5f67890",
      availabilityZones: ["us-east-1a", "us-east-1b"],
      privateSubnetIds: ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"],
      privateSubnetRouteTableIds: ["rtb-0a1b2c3d4e5f67890", "rtb-0a1b2c3d4e5f67891"],
    });
    const cluster = new Cluster(this, "cluster", {
      vpc,
      clusterName: "chain",
      containerInsightsV2: ContainerInsights.ENABLED,
      defaultCloudMapNamespace: { name: NAMESPACE },
    });
    let next;
    for (let index = count; index >= 1; index--) {
      const name = `service-${index}`;
      const logGroup = new LogGroup(this, `${name}-logs`, {
        logGroupName: `/ecs/chain/${name}`,
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      });
      const taskDefinition = new FargateTaskDefinition(this, `${name}-task`, {
        family: name,
        cpu: 256,
        memoryLimitMiB: 512,
      });
      taskDefinition.addContainer("app", {
        image: ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27"),
        portMappings: [{ containerPort: PORT }],
        environment: next && { NEXT_URL: `http://service-${index + 1}.${NAMESPACE}:${PORT}` },
        logging: LogDrivers.awsLogs({ streamPrefix: name, logGroup }),
      });
      const securityGroup = new SecurityGroup(this, `${name}-group`, { vpc, allowAllOutbound: false });
      securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443));
      const service = new FargateService(this, name, {
        cluster,
        taskDefinition,
        serviceName: name,
        desiredCount: 1,
        minHealthyPercent: 100,
        maxHealthyPercent: 200,
        circuitBreaker: { enable: true, rollback: true },
        securityGroups: [securityGroup],
        cloudMapOptions: { name, dnsRecordType: DnsRecordType.SRV, dnsTtl: Duration.seconds(60) },
      });
      if (next) service.connections.allowTo(next, Port.tcp(PORT));
      next = service;
    }
  }
}

const [, , count, outdir] = process.argv;
const app = new App({ outdir });
new Chain(app, Number(count));
app.synth();
