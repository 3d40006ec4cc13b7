import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { ContainerDefinition, EcsApi, EcsService, TaskDefinition } from "../../../local/tasks/ecs-api";
import type { AccessPoint, EfsApi } from "../../../local/tasks/efs-folders";
import type { Ec2Api, Subnet } from "../../../local/tasks/network/ec2-api";
import type { CloudMapApi } from "../../../local/tasks/registry";

const ECS = "arn:aws:ecs:us-east-1:123456789012";
export const REGISTRY_ARN = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-web";

/** ECS's memory, and nothing that acts. */
export class FakeEcs implements EcsApi {
  public readonly services = new Map<string, EcsService>();
  /** While set, every call fails with it. */
  public down: Error | undefined;
  private readonly definitions = new Map<string, TaskDefinition>();
  private deployments = 0;

  /** Registers the next revision of `web`, with one container. Returns its ARN. */
  public register(container: Partial<ContainerDefinition> = {}, more: Partial<TaskDefinition> = {}): string {
    const revision = this.definitions.size + 1;
    const taskDefinitionArn = `${ECS}:task-definition/web:${revision}`;
    this.definitions.set(taskDefinitionArn, {
      taskDefinitionArn,
      family: "web",
      revision,
      containerDefinitions: [
        {
          name: "web",
          image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1",
          portMappings: [{ containerPort: 8080 }],
          stopTimeout: 5,
          ...container,
        },
      ],
      ...more,
    });
    return taskDefinitionArn;
  }

  /** Creates the service `web`, or changes it; a new task definition begins a new deployment. */
  public put(change: Partial<EcsService>): void {
    const before = this.services.get("web");
    const after: EcsService = {
      serviceArn: `${ECS}:service/c/web`,
      serviceName: "web",
      clusterArn: `${ECS}:cluster/c`,
      status: "ACTIVE",
      desiredCount: 1,
      taskDefinition: "",
      serviceRegistries: [{ registryArn: REGISTRY_ARN, port: 8080 }],
      ...before,
      ...change,
    };
    const { taskDefinition } = after;
    const deployments =
      before?.taskDefinition === taskDefinition
        ? before.deployments
        : [{ id: `ecs-svc/${++this.deployments}`, status: "PRIMARY", taskDefinition }];
    this.services.set("web", { ...after, deployments });
  }

  public listClusters(): Promise<string[]> {
    return this.answer([`${ECS}:cluster/c`]);
  }

  public listServices(): Promise<string[]> {
    return this.answer([...this.services.values()].map(({ serviceArn }) => serviceArn));
  }

  public describeServices(): Promise<EcsService[]> {
    return this.answer([...this.services.values()]);
  }

  public describeTaskDefinition(arn: string): Promise<TaskDefinition> {
    const found = this.definitions.get(arn);
    return found ? this.answer(found) : Promise.reject(new Error(`no task definition ${arn}`));
  }

  public async updateService(_cluster: string, _service: string, taskDefinition: string): Promise<void> {
    await this.answer(undefined);
    this.put({ taskDefinition });
  }

  private answer<Answer>(answer: Answer): Promise<Answer> {
    return this.down ? Promise.reject(this.down) : Promise.resolve(answer);
  }
}

/** Cloud Map's memory, and what was asked of it. */
export class FakeCloudMap implements CloudMapApi {
  public readonly instances = new Map<string, Record<string, string>>();
  public readonly health = new Map<string, string>();
  public readonly calls: string[] = [];
  /** While set, nothing can be registered. */
  public refusal: Error | undefined;

  public get addresses(): string[] {
    return [...this.instances.values()].map(({ AWS_INSTANCE_IPV4 }) => AWS_INSTANCE_IPV4 ?? "");
  }

  public registerInstance(serviceId: string, id: string, attributes: Record<string, string>): Promise<void> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.calls.push(`register ${serviceId} ${attributes.AWS_INSTANCE_IPV4}`);
    this.instances.set(id, attributes);
    return Promise.resolve();
  }

  public deregisterInstance(serviceId: string, id: string): Promise<void> {
    this.calls.push(`deregister ${serviceId} ${this.instances.get(id)?.AWS_INSTANCE_IPV4}`);
    this.instances.delete(id);
    return Promise.resolve();
  }

  public setHealth(_serviceId: string, id: string, status: string): Promise<void> {
    this.health.set(id, status);
    return Promise.resolve();
  }

  public close(): void {
    this.calls.push("close");
  }
}

/** EC2's memory: a VPC with the subnets that are asked for, and rules. */
export class FakeEc2 implements Ec2Api {
  public rules: SecurityGroupRule[] = [];
  public closed = false;

  public securityGroupRules(): Promise<SecurityGroupRule[]> {
    return Promise.resolve(this.rules);
  }

  public describeSubnet(): Promise<Subnet> {
    return Promise.resolve({ vpcId: "vpc-1", cidr: "10.0.1.0/24" });
  }

  public defaultSecurityGroup(): Promise<string> {
    return Promise.resolve("sg-default");
  }

  public close(): void {
    this.closed = true;
  }
}

export class FakeEfs implements EfsApi {
  public readonly accessPoints = new Map<string, AccessPoint>();

  public describeAccessPoint(id: string): Promise<AccessPoint> {
    const found = this.accessPoints.get(id);
    return found ? Promise.resolve(found) : Promise.reject(new Error(`there is no EFS access point ${id}`));
  }
}
