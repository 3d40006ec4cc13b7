import { Token } from "cdktf";
import type { Construct } from "constructs";
import { check, checkGiven, checkLiteral, checkPort } from "../../core/framework/check";
import { checkEcsName, checkHost } from "../../core/framework/names";
import { checkSecurityGroupId } from "../../core/network/network-ids";
import { securityGroup } from "../../rules/security-group";
import { httpEndpoint, type IConnectable } from "../calls/endpoint";
import { checkNamespaceArn } from "../discovery/service-connect-checks";
import type { EcsServiceAttributes } from "./ecs-service-props";

/**
 * A service that exists already, as something to connect to.
 * @throws InvalidInputError for a name or a port that only Terraform knows
 */
export function importedService(scope: Construct, attributes: EcsServiceAttributes): IConnectable {
  const { serviceName, host, port, securityGroupId, serviceConnectNamespaceArn } = attributes;
  const { entrancePort = port, entranceToPort: toPort } = attributes;
  checkGiven(scope, attributes, ["serviceName", "host", "port", "securityGroupId"]);
  checkLiteral(scope, "serviceName", serviceName);
  checkEcsName(scope, "serviceName", serviceName);
  checkLiteral(scope, "port", port);
  checkPort(scope, "port", port);
  checkHost(scope, "host", host);
  checkSecurityGroupId(scope, "securityGroupId", securityGroupId);
  checkPort(scope, "entrancePort", entrancePort);
  checkPort(scope, "entranceToPort", toPort);
  if (!Token.isUnresolved(entrancePort)) {
    check(scope, "entranceToPort", toPort, (last) => last >= entrancePort, securityGroup.portRange);
  }
  checkNamespaceArn(scope, "serviceConnectNamespaceArn", serviceConnectNamespaceArn);
  return {
    serviceName,
    securityGroupId,
    endpoint: httpEndpoint(host, port),
    entrance: { securityGroupId, port: entrancePort, toPort },
    callerRequirements: { serviceConnectNamespaceArn },
  };
}
