import { ProductsPaymentsStack, type ProductsPaymentsStackProps } from "../../stacks/products-payments";
import { SynthesizedStack } from "../../testing";

type Way = NonNullable<ProductsPaymentsStackProps["reachPaymentsBy"]>;

const by = (reachPaymentsBy?: Way): SynthesizedStack =>
  SynthesizedStack.of((app) => new ProductsPaymentsStack(app, "products-payments", { reachPaymentsBy }));

const definition = (stack: SynthesizedStack): { environment: unknown } =>
  (stack.json("aws_ecs_task_definition.products", "container_definitions") as [{ environment: unknown }])[0];

describe("products and payments", () => {
  test("meet at a load balancer, by a name of their own", () => {
    const stack = by();
    expect(stack.addresses("aws_lb")).toEqual(["aws_lb.internal"]);
    expect(stack.resource("aws_lb.internal").internal).toBe(true);
    expect(stack.output("payments_url")).toBe("http://payments.shop.internal:5000/metaapi/1.0/payments");
  });

  test.each<[Way, string[]]>([
    ["load-balancer", ["internal -> payments:5000", "products -> internal:5000"]],
    ["dns", ["products -> payments:5000"]],
    ["service-connect", ["products -> payments:5000"]],
  ])("open exactly the declared way by %s", (way, between) => {
    expect(by(way).openPorts()).toEqual({
      between,
      fromAddresses: [],
      toAddresses: ["payments -> 0.0.0.0/0:443", "products -> 0.0.0.0/0:443"],
      oneSided: [],
    });
  });

  test.each<Way>(["load-balancer", "dns", "service-connect"])(
    "are told the same URL however payments is reached: by %s",
    (way) => {
      const value = "http://payments.shop.internal:5000/metaapi/1.0/payments";
      expect(definition(by(way)).environment).toEqual([{ name: "PAYMENTS_URL", value }]);
    },
  );
});
