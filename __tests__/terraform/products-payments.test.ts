import { ProductsPaymentsStack } from "../../stacks/products-payments";
import { SynthesizedStack } from "../../testing";
import { describeArchitecture, inNetwork } from "./architecture";

for (const reachPaymentsBy of ["load-balancer", "dns", "service-connect"] as const) {
  describeArchitecture(
    `products-payments, payments being reached by ${reachPaymentsBy}`,
    () =>
      SynthesizedStack.of(
        (app) =>
          new ProductsPaymentsStack(app, "products-payments", { backend: { type: "none" }, reachPaymentsBy }),
      ),
    inNetwork("products", "payments"),
  );
}
