import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ContainerDefinition, TaskDefinition } from "./ecs-api";
import type { EfsFolders } from "./efs-folders";

/** A folder of this machine at a path of a container. */
export interface Mount {
  readonly source: string;
  /** Absolute. */
  readonly target: string;
  readonly readOnly: boolean;
}

/** The folder of each volume of a task definition, by its name; one without a configuration lives as long as the task. */
export async function foldersOf(
  definition: TaskDefinition,
  taskFolder: string,
  efs: EfsFolders,
): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const { name, efsVolumeConfiguration, host } of definition.volumes ?? []) {
    if (efsVolumeConfiguration) {
      folders.set(name, await efs.folderOf(efsVolumeConfiguration));
    } else if (host?.sourcePath) {
      throw new Error(
        `ResourceInitializationError: the volume "${name}" is ${host.sourcePath} of a container instance, and there is none here; use EFS, or a volume without host path`,
      );
    } else {
      const folder = join(taskFolder, "volumes", name);
      mkdirSync(folder, { recursive: true });
      // as with a new volume of Docker's that nothing was copied to, but for every user
      chmodSync(folder, 0o777);
      folders.set(name, folder);
    }
  }
  return folders;
}

/** The mounts of a container, those of directories before those inside them. @throws Error where a volume is missing */
export function mountsOf(container: ContainerDefinition, folders: ReadonlyMap<string, string>): Mount[] {
  return [...(container.mountPoints ?? [])]
    .map(({ sourceVolume, containerPath, readOnly = false }) => {
      const source = folders.get(sourceVolume);
      if (source === undefined) {
        throw new Error(
          `the container "${container.name}" mounts the volume "${sourceVolume}", which its task definition does not have`,
        );
      }
      return { source, target: containerPath.replace(/(?<=.)\/+$/, ""), readOnly };
    })
    .sort((a, b) => a.target.length - b.target.length)
    .map((mount, index, all) => insideOthers(mount, all.slice(0, index)));
}

/** A mount inside another one needs a directory there, as it does in a container. */
function insideOthers(mount: Mount, outer: readonly Mount[]): Mount {
  const parent = outer.filter(({ target }) => mount.target.startsWith(`${target}/`)).at(-1);
  if (parent) mkdirSync(parent.source + mount.target.slice(parent.target.length), { recursive: true });
  return mount;
}

/** A value with the folder in the place of the container's path, if it begins with that path. */
export function rewritten(value: string, mounts: readonly Mount[]): string {
  const longestFirst = [...mounts].sort((a, b) => b.target.length - a.target.length);
  const mount = longestFirst.find(({ target }) => value === target || value.startsWith(`${target}/`));
  return mount ? mount.source + value.slice(mount.target.length) : value;
}
