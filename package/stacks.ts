/** The entry point `cdktf-ecs-discovery/stacks`: whole architectures, and what a stack of one's own is made with. */
export type { BackendConfig } from "../stacks/backend";
export { BackendServiceStack } from "../stacks/backend-service";
export { BaseStack, type BaseStackProps } from "../stacks/base-stack";
export { givenNetwork, type GivenNetwork } from "../stacks/given-network";
export { HelloNameStack } from "../stacks/hello-name";
export { InternalApiStack, type InternalApiStackProps } from "../stacks/internal-api";
export { ProductsPaymentsStack, type ProductsPaymentsStackProps } from "../stacks/products-payments";
export { TradingPlatformStack, type TradingPlatformStackProps } from "../stacks/trading-platform";
