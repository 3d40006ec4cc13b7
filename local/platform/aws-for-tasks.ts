import type { Emulator } from "../emulator-process";
import type { TaskRunnerOptions } from "../tasks";

/** What lets tasks call emulated AWS as they would call AWS: where it is, and what SDKs and the `aws` command go by. */
export function awsForTasks(
  emulator: Pick<Emulator, "endpoint" | "environment">,
): Required<Pick<TaskRunnerOptions, "aws" | "environment">> {
  const { hostname: address, port } = new URL(emulator.endpoint);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(emulator.environment))
    if (value !== undefined) environment[name] = value;
  return { aws: { address, port: Number(port) }, environment };
}
