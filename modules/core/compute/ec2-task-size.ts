import type { IConstruct } from "constructs";
import { ec2 } from "../../rules/ec2";
import { checkInteger } from "../framework/check";

/** Refuses sizes that ECS cannot keep of an instance for a task. */
export function checkEc2TaskSize(scope: IConstruct, cpu: number, memory: number): void {
  checkInteger(scope, "cpu", cpu, { min: 128, max: 196608 }, ec2.taskCpu);
  checkInteger(scope, "memory", memory, { min: 6, max: Number.MAX_SAFE_INTEGER }, ec2.taskMemory);
}
