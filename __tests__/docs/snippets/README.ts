/** For README.md: the code of a stack, and of a test. */
import type { Variables } from "../../../testing";

export * from "./stack";
export * from "../../../testing";
export { TradingPlatformStack } from "../../../stacks/trading-platform";
export declare const variables: Variables;
