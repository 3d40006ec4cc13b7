import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import type { SynthesizedStack } from "../../../../testing";
import { dataOf, refusalOf, service, stackOf, SUBNETS, textOf, variable, VPC } from "../../stack-of";

const make = (props: Partial<EcsServiceProps> = {}): SynthesizedStack =>
  stackOf((stack) => service(stack, "stock", props));
const made = (props: Partial<EcsServiceProps> = {}) => make(props).resource("aws_ecs_service.stock");
const refused = (props: Partial<EcsServiceProps>): string =>
  refusalOf((stack) => service(stack, "stock", props));
const OWN_GROUP = "${aws_security_group.stock.id}";

describe("the network of a service", () => {
  test("is its subnets and a group of its own, without public addresses", () => {
    expect(made().network_configuration).toEqual({
      subnets: SUBNETS,
      security_groups: [OWN_GROUP],
      assign_public_ip: false,
    });
    expect(made({ assignPublicIp: true }).network_configuration).toMatchObject({ assign_public_ip: true });
  });

  test("lets nothing in, and out to HTTPS only", () => {
    expect(make().openPorts()).toEqual({
      between: [],
      toAddresses: ["stock -> 0.0.0.0/0:443"],
      fromAddresses: [],
      oneSided: [],
    });
  });

  test("may lead to chosen addresses only, or to none", () => {
    expect(make({ httpsEgressCidrBlocks: ["10.0.0.0/8", "172.16.0.0/12"] }).openPorts().toAddresses).toEqual([
      "stock -> 10.0.0.0/8:443",
      "stock -> 172.16.0.0/12:443",
    ]);
    expect(make({ httpsEgressCidrBlocks: [] }).openPorts().toAddresses).toEqual([]);
  });

  test("may lead to addresses that only Terraform knows, at an address that does not change", () => {
    const text = textOf((stack) => {
      service(stack, "stock", { httpsEgressCidrBlocks: [variable(stack, "cidr").stringValue] });
    });
    expect(text).toContain('"cidr_ipv4": "${var.cidr}"');
    expect(text).not.toContain("tf_token");
  });

  test.each([[["10.0.0.0/33"]], [["everywhere"]], [["10.0.0.0/8", "10.0.0.0/8"]]])(
    "cannot lead to %j, and the message names the property",
    (httpsEgressCidrBlocks) => {
      expect(refused({ httpsEgressCidrBlocks })).toContain("httpsEgressCidrBlocks");
    },
  );

  test("keeps groups that are given beside its own", () => {
    expect(made({ securityGroups: ["sg-0123abcd"] }).network_configuration).toMatchObject({
      security_groups: ["sg-0123abcd", OWN_GROUP],
    });
  });

  test("keeps groups and subnets that only Terraform knows", () => {
    const stack = stackOf((stack) => {
      service(stack, "stock", {
        securityGroups: variable(stack, "security_groups", "list(string)").listValue,
        subnets: variable(stack, "subnets", "list(string)").listValue,
      });
    });
    expect(stack.resource("aws_ecs_service.stock").network_configuration).toMatchObject({
      subnets: "${var.subnets}",
      security_groups: "${concat(var.security_groups, [aws_security_group.stock.id])}",
    });
  });

  test("has its group in the VPC that is given, and looks nothing up then", () => {
    expect(make().resource("aws_security_group.stock").vpc_id).toBe(VPC);
    expect(() => dataOf(make(), "aws_subnet.stock")).toThrow();
  });

  test("has its group in the VPC of the first subnet where none is given", () => {
    const stack = make({ vpcId: undefined });
    expect(dataOf(stack, "aws_subnet.stock")).toMatchObject({ id: SUBNETS[0] });
    expect(stack.resource("aws_security_group.stock").vpc_id).toBe("${data.aws_subnet.stock.vpc_id}");
  });

  test("finds the first subnet in a list that only Terraform knows", () => {
    const stack = stackOf((stack) => {
      const subnets = variable(stack, "subnets", "list(string)").listValue;
      service(stack, "stock", { vpcId: undefined, subnets });
    });
    expect(dataOf(stack, "aws_subnet.stock")).toMatchObject({ id: "${element(var.subnets, 0)}" });
  });
});
