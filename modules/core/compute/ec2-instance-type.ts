import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { ec2 } from "../../rules/ec2";
import { check, InvalidInputError } from "../framework/check";

/** What a processor understands; images are built for one of them. */
export type CpuArchitecture = "X86_64" | "ARM64";

/** A family with `g` behind its generation has Graviton processors, and so has the first of them, `a1`. */
const GRAVITON = /^(?:a1|[a-z]+\d+g[a-z]*)\./;

/**
 * The architecture of an instance type, which its name tells: `t4g.small` is ARM64, `t3.small` is not.
 * @param given what is said about it; it must be, where only Terraform knows the type
 * @throws InvalidInputError where neither is known
 */
export function cpuArchitectureOf(
  scope: IConstruct,
  instanceType: string,
  given?: CpuArchitecture,
): CpuArchitecture {
  const isType = (type: string): boolean => /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type);
  check(scope, "instanceType", instanceType, isType, ec2.instanceType);
  if (Token.isUnresolved(instanceType)) {
    if (given !== undefined) return given;
    throw new InvalidInputError({ scope, property: "cpuArchitecture", value: given }, ec2.architectureKnown);
  }
  const architecture = GRAVITON.test(instanceType) ? "ARM64" : "X86_64";
  check(scope, "cpuArchitecture", given, (said) => said === architecture, {
    ...ec2.architecture,
    allowed: `${architecture}, which instances of the type ${instanceType} have`,
  });
  return architecture;
}
