import { BackendServiceStack } from "../../stacks/backend-service";
import { SynthesizedStack } from "../../testing";
import { describeArchitecture, inNetwork } from "./architecture";

describeArchitecture(
  "backend-service",
  () =>
    SynthesizedStack.of(
      (app) => new BackendServiceStack(app, "backend-service", { backend: { type: "none" } }),
    ),
  inNetwork("app"),
);
