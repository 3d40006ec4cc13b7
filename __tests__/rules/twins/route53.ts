import { Construct } from "constructs";
import { PrivateZone } from "../../../modules/core/cloud-map/private-zone";
import { EcsService } from "../../../modules/services/ecs-service/ecs-service";
import { route53 } from "../../../modules/rules";
import { namespaceOf, VPC, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const ZONE = { zoneId: "Z0123456789", zoneName: "internal.example" };
const TARGET = { dnsName: "internal-x.elb.amazonaws.com", hostedZoneId: "Z1" };
const zone = (stack: SmallStack, zoneName: string): PrivateZone =>
  new PrivateZone(stack, "zone", { zoneName, vpcId: VPC });
const imported = (stack: SmallStack, zoneId: string): unknown =>
  PrivateZone.fromPrivateZoneAttributes(stack, { ...ZONE, zoneId });

export const ROUTE53_TWINS: readonly Twin[] = [
  twin(route53.hostName, zone, { bad: "Internal.example", good: "internal.example" }),
  twin(route53.hostName, zone, { bad: "internal.example.", good: "internal.example" }),
  twin(
    route53.hostName,
    (stack, name) => zone(stack, "internal.example").addAlias(stack, "x", name, TARGET),
    {
      bad: "-payments",
      good: "payments",
    },
  ),
  twin(
    route53.hostName,
    (stack, host) =>
      EcsService.fromServiceAttributes(stack, {
        serviceName: "ledger",
        host,
        port: 80,
        securityGroupId: "sg-0123abcd",
      }),
    { bad: "http://ledger.internal", good: "ledger.internal" },
  ),
  twin(route53.zoneTopLevelDomain, zone, { bad: "com", good: "a.com" }),
  twin(
    route53.recordTaken,
    (stack, name) => {
      const internal = zone(stack, "internal.example");
      internal.addAlias(new Construct(stack, "one"), "record", "payments", TARGET);
      internal.addAlias(new Construct(stack, "two"), "record", name, TARGET);
    },
    { bad: "payments", good: "orders" },
  ),
  twin(
    route53.recordTaken,
    (stack, zoneId) => {
      const zones = [ZONE, { ...ZONE, zoneId }].map((attributes) =>
        PrivateZone.fromPrivateZoneAttributes(stack, attributes),
      );
      zones.forEach((zone, index) =>
        zone.addAlias(new Construct(stack, `s${index}`), "record", "payments", TARGET),
      );
    },
    { bad: ZONE.zoneId, good: "Z9876543210" },
  ),
  twin(
    route53.cloudMapZone,
    (stack, owner) => {
      const { hostedZoneId } = namespaceOf(stack);
      imported(stack, owner === "Cloud Map" ? hostedZoneId : ZONE.zoneId);
    },
    { bad: "Cloud Map", good: "Route 53" },
  ),
];
