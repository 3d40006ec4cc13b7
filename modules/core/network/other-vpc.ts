import { Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { identityOf } from "../framework/resolved";

/** A VPC that something was made for. */
export interface HasVpc {
  readonly vpcId?: string;
}

/** True where two things are surely made for two VPCs: other references than one to a VPC may all mean the same one. */
export function areInDifferentVpcs(scope: IConstruct, vpcId: string, other: HasVpc | undefined): boolean {
  if (other?.vpcId === undefined || other.vpcId === vpcId) return false;
  // a reference is read where it stands: in another stack it is another text
  const otherVpc = knownVpc(other instanceof Construct ? other : scope, other.vpcId);
  const vpc = knownVpc(scope, vpcId);
  return vpc !== undefined && otherVpc !== undefined && vpc !== otherVpc;
}

/** An id that is given, or a VPC of this app; undefined for a value that may be either of them. */
function knownVpc(scope: IConstruct, vpcId: string): string | undefined {
  if (!Token.isUnresolved(vpcId)) return vpcId;
  const reference = identityOf(scope, vpcId);
  return /\$\{aws_vpc\.[^.}]+\.id\}$/.test(reference) ? reference : undefined;
}
