import type { Emulator } from "../emulator-process";
import { callJson } from "./emulator-call";
import type { EcsApi, EcsService, TaskDefinition } from "./ecs-api";

/**
 * The few calls of ECS that a task runner needs.
 *
 * Not the AWS SDK: these are five JSON calls, and `@aws-sdk/client-ecs` would be one more package of 8 MB for them.
 * It sends no real signature, so that whatever it is pointed at by mistake, a real account refuses it.
 */
export class EcsClient implements EcsApi {
  public constructor(private readonly emulator: Pick<Emulator, "endpoint">) {}

  public async listClusters(): Promise<string[]> {
    return await this.pages<string>("ListClusters", {}, "clusterArns");
  }

  public async listServices(cluster: string): Promise<string[]> {
    return await this.pages<string>("ListServices", { cluster, maxResults: 100 }, "serviceArns");
  }

  /** ECS describes at most ten services at once. */
  public async describeServices(cluster: string, services: readonly string[]): Promise<EcsService[]> {
    const found: EcsService[] = [];
    for (let start = 0; start < services.length; start += 10) {
      const body = { cluster, services: services.slice(start, start + 10) };
      found.push(
        ...((await this.call<{ services?: EcsService[] }>("DescribeServices", body)).services ?? []),
      );
    }
    return found;
  }

  public async describeTaskDefinition(taskDefinition: string): Promise<TaskDefinition> {
    const answer = await this.call<{ taskDefinition: TaskDefinition }>("DescribeTaskDefinition", {
      taskDefinition,
    });
    return answer.taskDefinition;
  }

  public async updateService(cluster: string, service: string, taskDefinition: string): Promise<void> {
    await this.call("UpdateService", { cluster, service, taskDefinition });
  }

  /** Any call of ECS by its name, for what has no method here. */
  public async call<Answer = unknown>(action: string, body: object): Promise<Answer> {
    const target = `AmazonEC2ContainerServiceV20141113.${action}`;
    return (await callJson(this.emulator.endpoint, "ecs", target, body)) as Answer;
  }

  private async pages<Item>(action: string, body: object, list: string): Promise<Item[]> {
    const items: Item[] = [];
    let nextToken: string | undefined;
    do {
      const answer = await this.call<Record<string, unknown>>(action, { ...body, nextToken });
      items.push(...((answer[list] as Item[] | undefined) ?? []));
      nextToken = answer.nextToken as string | undefined;
    } while (nextToken);
    return items;
  }
}
