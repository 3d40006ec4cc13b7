import type { IConstruct } from "constructs";
import { logs } from "../../rules/logs";
import { check } from "../framework/check";
import { claimInStack } from "../framework/claims";

/** Refuses what cannot be the name of a log group, and a name that another log group of the stack has. */
export function checkLogGroupName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (text) => /^(?!aws\/)[A-Za-z0-9._/#-]{1,512}$/.test(text), logs.groupGiven);
  claimInStack(scope, property, "log group", name, logs.groupTaken);
}
