import { spawn, type ChildProcess } from "node:child_process";

/** Runs as long as its standard input is open, and then kills every process group that was named there and not taken back. */
const SCRIPT = `
trap '' HUP INT TERM
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%% "$group" *} \${groups#* "$group" }" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
exit 0
`;

/**
 * A process that outlives this one, by as long as it takes to kill what this one started. The kernel closes the pipe
 * between the two however this process ends, by `kill -9` too. A death signal on the tasks themselves
 * (PR_SET_PDEATHSIG) reaches no grandchildren, is lost when the user is switched, and is there on Linux only.
 */
export class Watchdog {
  private child: ChildProcess | undefined;
  private readonly groups = new Set<number>();
  private stopping = false;

  /** Resolves when the watchdog knows of the group: from then on the group's processes do not outlive this one. */
  public async watch(group: number): Promise<void> {
    this.groups.add(group);
    if (this.child) await this.write(`+ ${group}\n`);
    else await this.start();
  }

  /** To be called when no process of the group is left: its number may be given to another. */
  public async forget(group: number): Promise<void> {
    if (this.groups.delete(group)) await this.write(`- ${group}\n`);
  }

  /** Ends the watchdog, and kills the groups that it still knows. */
  public async stop(): Promise<void> {
    const { child } = this;
    this.stopping = true;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.stdin?.end();
    await ended;
  }

  private async start(): Promise<void> {
    // a group of its own: Ctrl-C in the terminal goes to the whole group of this process
    const child = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true });
    this.child = child;
    child.stdin.on("error", () => undefined);
    child.once("exit", () => {
      this.child = undefined;
      if (!this.stopping && this.groups.size > 0) void this.start();
    });
    child.once("error", () => (this.child = undefined));
    await this.write([...this.groups].map((group) => `+ ${group}\n`).join(""));
  }

  private write(text: string): Promise<void> {
    return new Promise((resolve) => {
      const stdin = this.child?.stdin;
      if (!stdin?.writable) resolve();
      else stdin.write(text, () => resolve());
    });
  }
}
