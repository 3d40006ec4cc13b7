import type { Machine } from "../tasks";
import type { Resolver } from "./resolver";

const SHOWN =
  "Security groups are shown and not enforced: every process of this machine may connect to every task.";
const ENFORCED = [
  "Security groups are enforced between tasks. What no rule allows is refused at once; on AWS it would time out.",
  "Every process of this machine may connect to every task, as if all tasks let it in.",
  "Tasks reach each other, DNS and emulated AWS, and nothing else: neither what else runs on this machine nor the internet.",
];

/** What is not as on AWS on this machine, a sentence each. */
export function notesOf(machine: Machine, resolver: Resolver | undefined): string[] {
  const notes = [
    ...(machine.enforcesSecurityGroups ? ENFORCED : [SHOWN]),
    "Load balancers and Service Connect proxies do not run: tasks are called directly, by DNS.",
  ];
  if (!machine.switchesUser)
    notes.push("Tasks run as the user who started this, not as the one of their task definition.");
  if (machine.mounts === "environment")
    notes.push(
      "Tasks see this machine's files: paths of mounted file systems are replaced in their environment variables.",
    );
  if (resolver?.tellTasks !== undefined)
    notes.push(
      `Tasks have this machine's resolver; the project's own images are told to ask ${resolver.tellTasks} for names.`,
    );
  return notes;
}
