import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { taskDefinition } from "../../rules/task-definition";
import { check, refuse } from "../framework/check";

/** CPU units (1024 are one vCPU) -> MiB of memory that Fargate combines with them. */
const SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, steps(1024, 4096, 1024)],
  [1024, steps(2048, 8192, 1024)],
  [2048, steps(4096, 16384, 1024)],
  [4096, steps(8192, 30720, 1024)],
  [8192, steps(16384, 61440, 4096)],
  [16384, steps(32768, 122880, 8192)],
  [32768, [61440, 122880, 249856]],
]);

/** Refuses sizes that Fargate does not have. */
export function checkFargateSize(scope: IConstruct, cpu: number, memory: number): void {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memory)) return;
  const memories = SIZES.get(cpu);
  if (memories === undefined) {
    refuse({ scope, property: "cpu", value: cpu }, taskDefinition.fargateCpu);
    return;
  }
  check(scope, "memory", memory, (given) => memories.includes(given), {
    ...taskDefinition.fargateMemory,
    allowed: `with cpu ${cpu}: ${memories.join(", ")} (MiB)`,
    mend: `give one of these, or ${otherCpus(memory)}`,
  });
}

function otherCpus(memory: number): string {
  const cpus = [...SIZES].filter(([, memories]) => memories.includes(memory)).map(([cpu]) => cpu);
  return cpus.length > 0
    ? `keep the memory and give cpu ${cpus.join(" or ")}`
    : "another pair of cpu and memory";
}

function steps(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}
