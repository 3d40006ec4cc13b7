import { InternalApiStack } from "../../stacks/internal-api";
import { SynthesizedStack } from "../../testing";
import { describeArchitecture, inNetwork } from "./architecture";

describeArchitecture(
  "internal-api",
  () =>
    SynthesizedStack.of((app) => new InternalApiStack(app, "internal-api", { backend: { type: "none" } })),
  inNetwork("service_a"),
);
