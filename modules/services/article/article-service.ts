import type { Construct } from "constructs";
import type { IDnsNamespace } from "../../core/cloud-map/dns-namespace";
import { EcsCluster, type IEcsCluster } from "../../core/compute/ecs-cluster";
import { InvalidInputError } from "../../core/framework/check";
import type { OneOf } from "../../core/framework/one-of";
import { Iam, type ITaskExecutionRole } from "../../core/iam/iam";
import { ContainerImage } from "../../core/storage/container-image";
import { Ecr, type IEcr } from "../../core/storage/ecr";
import { Efs, type IEfs } from "../../core/storage/efs";
import { EfsAccessPoint } from "../../core/storage/efs-access-point";
import { ecsService } from "../../rules/ecs-service";
import { CloudMapDns, type CloudMapDnsProps } from "../discovery/cloud-map-dns";
import { EcsService } from "../ecs-service/ecs-service";
import type { EcsServiceProps } from "../ecs-service/ecs-service-props";
import type { ContainerProps } from "../task/container";

/** Directory in which the containers find the file system. */
const DATA_DIRECTORY = "/data";

interface ArticleServiceOptions
  extends
    Pick<
      EcsServiceProps,
      | "subnets"
      | "securityGroups"
      | "vpcId"
      | "cpu"
      | "memory"
      | "cpuArchitecture"
      | "desiredCount"
      | "capacity"
      | "deployment"
      | "logRetentionInDays"
      | "httpsEgressCidrBlocks"
      | "assignPublicIp"
      | "enableExecuteCommand"
      | "waitForSteadyState"
    >,
    Pick<
      ContainerProps,
      "environment" | "secrets" | "healthCheck" | "stopTimeout" | "user" | "readonlyRootFilesystem"
    > {
  /** Which image of the repository to run; may be a reference to a Terraform variable. @default "latest" */
  readonly imageTag?: string;
  /** The port that the container listens on. @default 80 */
  readonly containerPort?: number;
  /** Seconds for which a resolver may keep an answer. @default 60 */
  readonly ttl?: number;
}

/**
 * The inputs of the article's service modules. Each of the five things a service needs is given by its id, as in the
 * article, or as the construct that has it: a construct is wired with all permissions and rules, an id is used as it is.
 */
export type ArticleServiceProps = ArticleServiceOptions &
  OneOf<
    {
      /** ARN of the cluster. */
      readonly ecsClusterId: string;
    },
    {
      /** The cluster that the service is in. */
      readonly ecsCluster: IEcsCluster;
    }
  > &
  OneOf<
    {
      /** Id of the file system; its policy and its group are left to whoever owns it. */
      readonly efsFileSystemId: string;
    },
    {
      /** The file system that the service keeps its files on. */
      readonly efs: IEfs;
    }
  > &
  OneOf<
    {
      /** ARN of the role that ECS starts tasks with; it must be allowed to pull the image and to write logs. */
      readonly ecsTaskExecutionRoleArn: string;
    },
    {
      /** The role that ECS starts tasks with; it is granted what the service needs. */
      readonly iam: ITaskExecutionRole;
    }
  > &
  OneOf<
    {
      /** URL of the repository that the image is in. */
      readonly ecrRepositoryUrl: string;
    },
    {
      /** The repository that the image is in. */
      readonly ecr: IEcr;
    }
  > &
  OneOf<
    {
      /** Id of the namespace; the service's name is not known then, and `connectTo` cannot lead to it. */
      readonly namespaceId: string;
    },
    {
      /** The namespace that the service is found in. */
      readonly namespace: IDnsNamespace;
    }
  >;

/** What the article's services have in common: one container, found by DNS, with a directory of its own on EFS. */
export abstract class ArticleService extends EcsService {
  protected constructor(scope: Construct, id: string, serviceName: string, props: ArticleServiceProps) {
    super(scope, id, serviceProps(scope, id, serviceName, props));
    const accessPoint = new EfsAccessPoint(this, "access_point", {
      fileSystem: props.efs ?? Efs.fromEfsAttributes(this, { fileSystemId: props.efsFileSystemId }),
      path: `/${serviceName}`,
    });
    this.mount(accessPoint, { containerPath: DATA_DIRECTORY });
  }
}

/** The generic service's inputs from the article's. */
function serviceProps(
  scope: Construct,
  id: string,
  serviceName: string,
  props: ArticleServiceProps,
): EcsServiceProps {
  checkInputs(scope, id, props);
  const ecr = props.ecr ?? Ecr.fromEcrAttributes(scope, { repositoryUrl: props.ecrRepositoryUrl });
  const namespace: Pick<CloudMapDnsProps, "namespace" | "namespaceId"> = props.namespace
    ? { namespace: props.namespace }
    : { namespaceId: props.namespaceId };
  return {
    ...props,
    serviceName,
    ecsCluster: props.ecsCluster ?? EcsCluster.fromEcsClusterAttributes({ ecsClusterId: props.ecsClusterId }),
    taskExecutionRole:
      props.iam ?? Iam.fromIamAttributes({ ecsTaskExecutionRoleArn: props.ecsTaskExecutionRoleArn }),
    discovery: new CloudMapDns({ ...namespace, ttl: props.ttl } as CloudMapDnsProps),
    containers: [
      {
        name: serviceName,
        image: ContainerImage.fromEcr(ecr, props.imageTag ?? "latest"),
        portMappings: [{ containerPort: props.containerPort ?? 80 }],
        environment: props.environment,
        secrets: props.secrets,
        healthCheck: props.healthCheck,
        stopTimeout: props.stopTimeout,
        user: props.user,
        readonlyRootFilesystem: props.readonlyRootFilesystem,
      },
    ],
  };
}

const INPUTS = [
  ["ecsClusterId", "ecsCluster"],
  ["efsFileSystemId", "efs"],
  ["ecsTaskExecutionRoleArn", "iam"],
  ["ecrRepositoryUrl", "ecr"],
  ["namespaceId", "namespace"],
] as const;

/** What the types say, for callers that are not type-checked. */
function checkInputs(scope: Construct, id: string, props: ArticleServiceProps): void {
  for (const [idName, constructName] of INPUTS) {
    const given = [idName, constructName].filter(
      (name) => name in props && props[name as keyof typeof props] !== undefined,
    );
    if (given.length === 1) continue;
    throw new InvalidInputError(
      { scope, property: `${id} ${idName} / ${constructName}`, value: given },
      { ...ecsService.idOrConstruct, allowed: `exactly one of ${idName} and ${constructName}` },
    );
  }
}
