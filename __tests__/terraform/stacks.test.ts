import { createNetwork, type Network } from "../../local/network";
import { BackendServiceStack } from "../../stacks/backend-service";
import type { BaseStackProps } from "../../stacks/base-stack";
import { HelloNameStack } from "../../stacks/hello-name";
import { ProductsPaymentsStack } from "../../stacks/products-payments";
import { SynthesizedStack, type Variables } from "../../testing";
import { Bench, describeWithTerraform } from "./harness";

const NO_BACKEND: BaseStackProps = { backend: { type: "none" } };

const inNetwork =
  (...services: string[]) =>
  ({ vpcId, subnetIds }: Network): Variables => ({
    vpc_id: vpcId,
    subnets: subnetIds,
    ...Object.fromEntries(services.map((name) => [`${name}_image`, "public.ecr.aws/nginx/nginx:1.27"])),
  });

const productsPayments = (reachPaymentsBy: "load-balancer" | "dns" | "service-connect"): SynthesizedStack =>
  SynthesizedStack.of(
    (app) => new ProductsPaymentsStack(app, "products-payments", { ...NO_BACKEND, reachPaymentsBy }),
  );

/** Every architecture but the main one, which has tests of its own, and the values of its variables. */
const ARCHITECTURES: readonly [string, () => SynthesizedStack, (network: Network) => Variables][] = [
  [
    "backend-service",
    () => SynthesizedStack.of((app) => new BackendServiceStack(app, "backend-service", NO_BACKEND)),
    inNetwork("app"),
  ],
  [
    "hello-name",
    () => SynthesizedStack.of((app) => new HelloNameStack(app, "hello-name", NO_BACKEND)),
    () => ({}),
  ],
  [
    "products-payments by load balancer",
    () => productsPayments("load-balancer"),
    inNetwork("products", "payments"),
  ],
  ["products-payments by DNS", () => productsPayments("dns"), inNetwork("products", "payments")],
  [
    "products-payments by Service Connect",
    () => productsPayments("service-connect"),
    inNetwork("products", "payments"),
  ],
];

describeWithTerraform.each(ARCHITECTURES)("the stack %s on emulated AWS", (_name, stack, variablesOf) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start();
  });
  afterAll(() => bench.dispose());

  test("is applied, planned without changes and destroyed to the last resource", async () => {
    const folder = bench.folder(stack());
    const variables = variablesOf(await createNetwork(bench.emulator));
    await folder.apply(variables);
    expect((await folder.plan(variables)).changes).toEqual({});
    await folder.destroy(variables);
    expect(await folder.resourcesInState()).toEqual([]);
  });
});
