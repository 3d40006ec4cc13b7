export * from "./core";
export * from "./services";
