import { account } from "./account";
import { autoScaling } from "./auto-scaling";
import { cloudMap } from "./cloud-map";
import { ec2 } from "./ec2";
import { ecr } from "./ecr";
import { ecsService } from "./ecs-service";
import { efs } from "./efs";
import { general } from "./general";
import { iam } from "./iam";
import { image } from "./image";
import { listenerRule } from "./listener-rule";
import { loadBalancer } from "./load-balancer";
import { logs } from "./logs";
import { network } from "./network";
import { observability } from "./observability";
import { platform } from "./platform";
import { route53 } from "./route53";
import type { Rule, Rules } from "./rule";
import { secrets } from "./secrets";
import { securityGroup } from "./security-group";
import { serviceConnect } from "./service-connect";
import { targetGroup } from "./target-group";
import { taskDefinition } from "./task-definition";

export {
  account,
  autoScaling,
  cloudMap,
  ec2,
  ecr,
  ecsService,
  efs,
  general,
  iam,
  image,
  listenerRule,
  loadBalancer,
  logs,
  network,
  observability,
  platform,
  route53,
  secrets,
  securityGroup,
  serviceConnect,
  targetGroup,
  taskDefinition,
};
export type { CheckedRule, Rule, Rules, SettledRule } from "./rule";

/** The areas in the order in which `docs/rules.md` has them. */
export const AREAS: readonly { readonly title: string; readonly rules: Rules }[] = [
  { title: "Everywhere", rules: general },
  { title: "Names and environments", rules: platform },
  { title: "Cloud Map", rules: cloudMap },
  { title: "ECS services", rules: ecsService },
  { title: "Task definitions", rules: taskDefinition },
  { title: "EC2", rules: ec2 },
  { title: "Service Connect", rules: serviceConnect },
  { title: "Autoscaling", rules: autoScaling },
  { title: "Images", rules: image },
  { title: "ECR", rules: ecr },
  { title: "EFS", rules: efs },
  { title: "Secrets", rules: secrets },
  { title: "Logs", rules: logs },
  { title: "Alarms, dashboards and metrics", rules: observability },
  { title: "IAM", rules: iam },
  { title: "Security groups", rules: securityGroup },
  { title: "Networks", rules: network },
  { title: "Load balancers", rules: loadBalancer },
  { title: "Listener rules", rules: listenerRule },
  { title: "Target groups", rules: targetGroup },
  { title: "Route 53", rules: route53 },
  { title: "Accounts and regions", rules: account },
];

/** All rules, area by area. */
export function catalogue(): readonly Rule[] {
  return AREAS.flatMap(({ rules }) => Object.values(rules));
}
