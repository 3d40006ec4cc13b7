import { chmodSync, chownSync, existsSync, mkdirSync } from "node:fs";
import { join, normalize } from "node:path";
import type { Emulator } from "../emulator-process";
import type { EfsVolume } from "./ecs-api";
import { callEmulator } from "./emulator-call";

/** What the task runner reads of EFS. */
export interface EfsApi {
  /** @throws Error where there is none */
  describeAccessPoint(accessPointId: string): Promise<AccessPoint>;
}

export interface AccessPoint {
  readonly FileSystemId: string;
  readonly RootDirectory?: {
    readonly Path?: string;
    readonly CreationInfo?: {
      readonly OwnerUid: number;
      readonly OwnerGid: number;
      /** Octal, for example `"750"`. */
      readonly Permissions: string;
    };
  };
}

/** Not the AWS SDK: one call, and `@aws-sdk/client-efs` would be one more package for it. */
export class EfsClient implements EfsApi {
  public constructor(private readonly emulator: Pick<Emulator, "endpoint">) {}

  public async describeAccessPoint(accessPointId: string): Promise<AccessPoint> {
    const path = `/2015-02-01/access-points?AccessPointId=${encodeURIComponent(accessPointId)}`;
    const answer = await callEmulator(this.emulator.endpoint, {
      service: "elasticfilesystem",
      method: "GET",
      path,
    });
    const [found] = (answer as { AccessPoints?: AccessPoint[] }).AccessPoints ?? [];
    if (!found) throw new Error(`AccessPointNotFound: there is no EFS access point ${accessPointId}`);
    return found;
  }
}

/**
 * Local folders in the place of EFS file systems: `<scratch>/efs/<file system id>/<path>`. They stay when tasks end, and
 * when the runner does.
 *
 * As on EFS, the directory of an access point is made at its first use, with owner and permissions of its creation
 * info, and is left alone where it is there already. Who is not root cannot give it to another user.
 */
export class EfsFolders {
  private readonly root: string;

  public constructor(
    scratch: string,
    private readonly efs: EfsApi,
  ) {
    this.root = join(scratch, "efs");
  }

  /** The folder of a volume. @throws Error where a mount on AWS would fail */
  public async folderOf(volume: EfsVolume): Promise<string> {
    const accessPointId = volume.authorizationConfig?.accessPointId;
    if (!accessPointId)
      return this.existing(volume.fileSystemId, volume.rootDirectory ?? "/", "rootDirectory of the volume");
    const { FileSystemId, RootDirectory } = await this.efs.describeAccessPoint(accessPointId);
    if (FileSystemId !== volume.fileSystemId) {
      throw new Error(
        `ResourceInitializationError: the access point ${accessPointId} is of the file system ${FileSystemId}, the volume of ${volume.fileSystemId}`,
      );
    }
    const path = RootDirectory?.Path ?? "/";
    const creation = RootDirectory?.CreationInfo;
    const folder = this.path(FileSystemId, path);
    if (path !== "/" && creation && !existsSync(folder)) {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      if (process.getuid?.() === 0) chownSync(folder, creation.OwnerUid, creation.OwnerGid);
      // after chown, which takes the set-user-id bits away; and the umask must not count
      chmodSync(folder, parseInt(creation.Permissions, 8));
    }
    return this.existing(
      FileSystemId,
      path,
      `root directory of the access point ${accessPointId}, which has no CreationInfo`,
    );
  }

  private existing(fileSystemId: string, path: string, whose: string): string {
    const root = this.path(fileSystemId, "/");
    mkdirSync(root, { recursive: true, mode: 0o755 });
    const folder = this.path(fileSystemId, path);
    if (existsSync(folder)) return folder;
    throw new Error(
      `ResourceInitializationError: ${path} is not on the file system ${fileSystemId}, and EFS makes no such directory: it is the ${whose}`,
    );
  }

  private path(fileSystemId: string, path: string): string {
    return join(this.root, fileSystemId, normalize(`/${path}`)).replace(/\/$/, "");
  }
}
