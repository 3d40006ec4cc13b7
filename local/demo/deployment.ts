import { heading, say, table } from "../console";
import type { ResourceDone } from "../platform/cdktf";
import type { LocalPlatform } from "../platform/platform";
import { taskTable } from "./task-table";

/** `cdktf deploy`, a line for each resource. */
export async function deploy(platform: LocalPlatform): Promise<void> {
  heading("cdktf deploy, and meanwhile build what runs in the containers");
  const built = await platform.deploy(numbered());
  say(`  npm run build --workspaces${built ? "" : ": they are up to date"}`);
}

/** What was created, the outputs, and that a second plan is empty. */
export async function show({ terraform }: LocalPlatform): Promise<void> {
  heading("What was created");
  const resources = await terraform.resourcesInState();
  say(table([["TYPE", "COUNT", "NAMES"], ...byType(resources)]));

  heading("Outputs");
  const outputs = Object.entries(await terraform.outputs());
  say(table([["NAME", "VALUE"], ...outputs.map(([name, value]) => [name, String(value)])]));

  heading("Plan again");
  // its exit code is 2 if something would change
  const { exitCode, output } = await terraform.run(["plan", "-detailed-exitcode", "-no-color"]);
  if (exitCode !== 0) throw new Error(`a second plan is not empty:\n${output}`);
  say(`  no changes: ${resources.length} resources are as configured`);
}

/**
 * `cdktf destroy`, and waits until the last tasks have ended.
 *
 * @param frozen id of a task that is not waited for: nobody can reach it, and it ends by SIGKILL
 */
export async function destroy(platform: LocalPlatform, frozen: string): Promise<void> {
  heading("cdktf destroy");
  await platform.cdktf.destroy(numbered());
  const services = platform.services();
  if (services.some(({ tasks }) => tasks.length > 0)) {
    say("  the last tasks serve on for as long as their addresses may be in a cache:");
    say(taskTable(services));
  }
  await platform.until("the last tasks have ended", async () => {
    const left = platform.services().flatMap(({ tasks }) => tasks);
    const areGone = left.every(({ taskId }) => taskId === frozen);
    return areGone && (await platform.state()).names.length === 0;
  });
  for (const { taskId, address } of platform.services().flatMap(({ tasks }) => tasks))
    if (taskId === frozen)
      say(`  ${address} is still frozen: SIGKILL comes after its stop timeout, which is not waited for`);
  const left = await platform.terraform.resourcesInState();
  if (left.length > 0) throw new Error(`destroy left in the state: ${left.join(", ")}`);
  const inAws = await platform.leftInAws();
  if (inAws.length > 0) throw new Error(`destroy left in emulated AWS: ${inAws.join(", ")}`);
  say(
    "  no resource in Terraform's state; no namespace, cluster, log group, repository or file system in emulated AWS",
  );
}

/** After all was stopped: that no process of it runs and nobody listens where they did. */
export async function nothingIsLeft(platform: LocalPlatform): Promise<void> {
  heading("What is left on this machine");
  const { left, gone } = await platform.leftOnMachine();
  if (left.length > 0) throw new Error(`this is left: ${left.join(", ")}`);
  say(`  nothing: gone are ${gone.join(", ")}`);
}

function numbered(): (done: ResourceDone) => void {
  let count = 0;
  return ({ address, duration }) => say(`  ${String(++count).padStart(3)}  ${address}  ${duration}`);
}

function byType(addresses: readonly string[]): string[][] {
  const names = new Map<string, string[]>();
  for (const address of addresses) {
    const dot = address.indexOf(".");
    const type = address.slice(0, dot);
    names.set(type, [...(names.get(type) ?? []), address.slice(dot + 1)]);
  }
  return [...names].map(([type, ofType]) => [type, String(ofType.length), ofType.join(", ")]);
}
