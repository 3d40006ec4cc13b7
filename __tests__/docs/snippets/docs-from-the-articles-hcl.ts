/** For the page with the article's HCL: there `orders` is the entry in Cloud Map, and the ECS service is registered in it. */
import type { IServiceDiscovery } from "../../../modules";

export * from "./README";
export declare const orders: IServiceDiscovery;
