import { isAlive, listens } from "../still-there";
import type { RunnerSnapshot } from "../tasks";

/** What is left of something, and what is gone, in words. */
export interface Leftovers {
  readonly left: readonly string[];
  readonly gone: readonly string[];
}

/** What ran on this machine and where it listened, to look whether it still does. */
export class Footprint {
  private readonly pids = new Set<number>();
  private readonly helpers = new Set<number>();
  private readonly addresses = new Map<string, { readonly hostname: string; readonly port: string }>();
  private readonly listeners = new Map<string, { readonly hostname: string; readonly port: string }>();

  /** The processes of tasks, what joins their networks, and the ports that they have. */
  public tasks(snapshot: RunnerSnapshot | undefined): void {
    if (snapshot?.networkPid !== undefined) this.helpers.add(snapshot.networkPid);
    for (const { tasks } of snapshot?.services ?? []) {
      for (const { address, ports, containers } of tasks) {
        for (const { pid } of containers) if (pid !== undefined) this.pids.add(pid);
        if (address === undefined) continue;
        for (const port of ports)
          this.addresses.set(`${address}:${port}`, { hostname: address, port: `${port}` });
      }
    }
  }

  /** Something of this process or of one of its own that listens. */
  public listener(
    name: string,
    { hostname, port }: { readonly hostname: string; readonly port: string },
  ): void {
    this.listeners.set(name, { hostname, port });
  }

  /** Looks what of it is still there. */
  public async check(): Promise<Leftovers> {
    const left: string[] = [];
    for (const pid of this.pids) if (isAlive(pid)) left.push(`process ${pid}`);
    for (const pid of this.helpers) if (isAlive(pid)) left.push(`process ${pid}, which joins networks`);
    for (const [name, at] of [...this.addresses, ...this.listeners])
      if (await listens(at.hostname, Number(at.port))) left.push(`${name}, which listens`);
    const gone = [
      `${this.pids.size} processes of tasks`,
      ...(this.helpers.size > 0 ? ["their networks"] : []),
      `${this.addresses.size} addresses`,
      ...this.listeners.keys(),
    ];
    return { left, gone };
  }
}
