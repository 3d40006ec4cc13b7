import { execFileSync, spawnSync } from "node:child_process";

/** Where `vanish()` can take addresses away, since nothing else in the network namespace uses them. */
export const NETWORK = "10.77.0";
const NOBODY = "02:00:00:00:00:99";

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: "pipe" });
}

/** Runs in a network namespace of its own (`unshare --net`): makes addresses that lead to this machine. */
export function addAddresses(...addresses: string[]): void {
  ip("link", "set", "lo", "up");
  ip("link", "add", "out", "type", "veth", "peer", "name", "nowhere");
  ip("addr", "add", `${NETWORK}.1/24`, "dev", "out");
  ip("link", "set", "out", "up");
  ip("link", "set", "nowhere", "up");
  for (const address of addresses) {
    ip("route", "add", "local", `${address}/32`, "dev", "lo", "src", `${NETWORK}.1`, "table", "local");
    ip("neigh", "add", address, "lladdr", NOBODY, "dev", "out", "nud", "permanent");
  }
}

/**
 * From now on packets to the address go out to a station that is not there: as after the network interface of a task
 * was removed, nothing is refused and nothing reset.
 */
export function vanish(address: string): void {
  ip("route", "del", "local", `${address}/32`, "table", "local");
}

/** @returns why `unshare --net` and what is above cannot be done here, or undefined if they can */
export function whyNoNamespace(): string | undefined {
  const commands = "ip link set lo up && ip link add out type veth peer name nowhere";
  const { status, error, stderr } = spawnSync("unshare", ["--net", "sh", "-c", commands], {
    encoding: "utf8",
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
