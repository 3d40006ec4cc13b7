/** For the README of the client: the program of a service on Node.js. */
import type { RequestListener } from "node:http";
import { Client } from "@grpc/grpc-js";
import type { DiscoveryDispatcher } from "../../../apps/discovery-client/src";

export * as http from "node:http";
export { fetch, request, setGlobalDispatcher } from "undici";
export * from "../../../apps/discovery-client/src";

export type This = undefined;
export declare const dispatcher: DiscoveryDispatcher;
export declare const url: string;
export declare const body: string;
export declare const key: string;
export declare const app: RequestListener;
export declare const database: { close(): Promise<void> };

/** As generated from a .proto file. */
export class Quotes extends Client {}
