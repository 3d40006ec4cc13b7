import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PROBE } from "./network/network-helper";

/** What this machine and the rights of this process allow a task runner. */
export interface Machine {
  /**
   * How a task gets its volumes: each at its path in a mount namespace of the task's own (`namespace`: Linux, root), or
   * by the folder's path in the place of the container's in the values of environment variables (`environment`).
   */
  readonly mounts: "namespace" | "environment";
  /** Whether a task runs as the user of its task definition, and not as that of this process. Linux, root. */
  readonly switchesUser: boolean;
  /**
   * Whether each task has a network of its own, in which it reaches those whom its security groups let it reach (Linux,
   * root). Otherwise all have the machine's: whoever knows an address may connect to it, whatever the groups say.
   */
  readonly enforcesSecurityGroups: boolean;
}

/** A user who may open ports below 1024, as every user of a container may. */
export function asUser(uid: number, gid: number): string[] {
  return [
    "setpriv",
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    "--inh-caps=+net_bind_service",
    "--ambient-caps=+net_bind_service",
    "--",
  ];
}

/** Looks what is possible, by doing it. */
export function probeMachine(scratch: string): Machine {
  const isRoot = process.getuid?.() === 0;
  const [setpriv = "", ...options] = asUser(65534, 65534);
  return {
    mounts: isRoot && canMount(scratch) ? "namespace" : "environment",
    switchesUser: isRoot && succeeds(setpriv, [...options, "true"]),
    enforcesSecurityGroups: isRoot && process.platform === "linux" && joinsNetworks(),
  };
}

function canMount(scratch: string): boolean {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, "probe-"));
  const script = `mkdir "$1/a" "$1/b" && mount -t tmpfs tmpfs "$1/a" && mount --bind "$1/b" "$1/a"`;
  try {
    return (
      succeeds("unshare", ["--mount", "--propagation", "private", "/bin/sh", "-c", script, "sh", folder]) &&
      succeeds("nsenter", ["--mount", "--root", "--wd", "--target", `${process.pid}`, "true"]) &&
      succeeds("chroot", ["/", "true"])
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function joinsNetworks(): boolean {
  const [command = "", ...args] = PROBE;
  return succeeds(command, args);
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
