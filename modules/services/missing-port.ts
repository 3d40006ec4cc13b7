import type { IConstruct } from "constructs";
import { InvalidInputError } from "../core/check";

/**
 * The refusal of a service that is to be reached and does not listen.
 * @param reached how it is to be reached, in words: "that others find by DNS"
 */
export function missingPort(scope: IConstruct, reached: string, source: string): InvalidInputError {
  return new InvalidInputError(
    { scope, property: "containers.portMappings", value: undefined },
    {
      allowed: `at least one TCP port in the first container of a service ${reached}`,
      mend: "add `portMappings: [{ containerPort: 80 }]`, or leave `discovery` out for a service that nobody calls",
      source,
    },
  );
}
