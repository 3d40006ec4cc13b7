import type { Construct } from "constructs";
import type { BaseStackProps } from "./base-stack";

/** What a stack can be configured with from outside; each takes what it has a use for. */
export interface StackConfiguration extends BaseStackProps {
  /** Seconds for which a resolver may keep the address of a task: for `trading-platform`. @default - the stack's own */
  readonly ttl?: number;
  /** Environment whose repositories the images come from: for `trading-platform`. @default - the stack's own */
  readonly repositoriesOf?: string;
  /** Alarms, dashboard and metrics of logs: for `trading-platform`. @default false */
  readonly observability?: boolean | "with-dns-queries";
}

/** Makes one stack, under its own name, in an app. */
export type StackFactory = (app: Construct, props: StackConfiguration) => Promise<void>;

/** The stack that is made where none is asked for. */
export const DEFAULT_STACK = "trading-platform";

/** All stacks of this project by name. A stack's code is only loaded when the stack is asked for. */
export const STACKS: Readonly<Record<string, StackFactory>> = {
  "trading-platform": async (app, props) => {
    const { TradingPlatformStack } = await import("./trading-platform");
    new TradingPlatformStack(app, "trading-platform", props);
  },
  "backend-service": async (app, props) => {
    const { BackendServiceStack } = await import("./backend-service");
    new BackendServiceStack(app, "backend-service", props);
  },
  "hello-name": async (app, props) => {
    const { HelloNameStack } = await import("./hello-name");
    new HelloNameStack(app, "hello-name", props);
  },
  "products-payments": async (app, props) => {
    const { ProductsPaymentsStack } = await import("./products-payments");
    new ProductsPaymentsStack(app, "products-payments", props);
  },
  "internal-api": async (app, props) => {
    const { InternalApiStack } = await import("./internal-api");
    new InternalApiStack(app, "internal-api", props);
  },
};
