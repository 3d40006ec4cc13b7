import { HelloNameStack } from "../../stacks/hello-name";
import { SynthesizedStack } from "../../testing";
import { describeArchitecture } from "./architecture";

describeArchitecture(
  "hello-name",
  () => SynthesizedStack.of((app) => new HelloNameStack(app, "hello-name", { backend: { type: "none" } })),
  () => ({}),
);
