import type { IConstruct } from "constructs";
import { cloudMap } from "../../rules/cloud-map";
import { refuse } from "../framework/check";
import { claim } from "../framework/claims";
import { identityOf } from "../framework/resolved";

/** Refuses a second private zone of one name on a VPC; a DNS namespace of Cloud Map is one too. */
export function checkZoneIsFree(scope: IConstruct, property: string, name: string, vpcId: string): void {
  const other = claim(scope, [`zones of ${identityOf(scope, vpcId)}`], name.toLowerCase());
  if (other === undefined) return;
  const rule = cloudMap.namespaceTaken;
  const allowed = `${rule.allowed}; ${other.node.path} has this one`;
  refuse({ scope, property, value: name }, { ...rule, allowed });
}
