import type {
  AutoScaling,
  AutoScalingSchedule,
} from "../../../../modules/services/ecs-service/auto-scaling-props";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import type { Arguments, SynthesizedStack } from "../../../../testing";
import { refusalOf, service, stackOf, variable, type SmallStack } from "../../stack-of";

export const NIGHT: AutoScalingSchedule = {
  name: "night",
  schedule: "cron(0 22 ? * MON-FRI *)",
  minCapacity: 0,
  maxCapacity: 0,
};
export const CPU: AutoScaling = { minCapacity: 2, maxCapacity: 10, targets: { cpuPercent: 60 } };
export const UNREGISTERED = { discovery: undefined };
export type Props = Partial<EcsServiceProps>;

export const made = (props: Props): SynthesizedStack =>
  stackOf((stack) => void service(stack, "stock-service", props));
export const refused = (props: Props): string =>
  refusalOf((stack) => void service(stack, "stock-service", props)).replace(/\s+/g, " ");
export const scaled = (more: Partial<AutoScaling> = {}): Props => ({ autoScaling: { ...CPU, ...more } });
export const scheduled = (more: Partial<AutoScalingSchedule>): Props =>
  scaled({ schedules: [{ ...NIGHT, ...more }] });
export const target = (stack: SynthesizedStack): Arguments =>
  stack.resource("aws_appautoscaling_target.stock_service");
export const ecsService = (stack: SynthesizedStack): Arguments =>
  stack.resource("aws_ecs_service.stock_service");
export const number = (stack: SmallStack, name: string): number =>
  variable(stack, name, "number").numberValue;
