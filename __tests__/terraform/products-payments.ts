import { ProductsPaymentsStack, type ProductsPaymentsStackProps } from "../../stacks/products-payments";
import { SynthesizedStack } from "../../testing";
import { describeArchitecture, inNetwork } from "./architecture";

/** What must hold however the one service reaches the other. */
export function describeProductsPayments(
  reachPaymentsBy: NonNullable<ProductsPaymentsStackProps["reachPaymentsBy"]>,
): void {
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
