import { accessSync, constants } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { ContainerDefinition } from "./ecs-api";
import type { LocalImage } from "./image";
import { commandOf } from "./image";
import { asUser, type Machine } from "./machine";
import type { GroupCommand } from "./process-group";
import { rewritten, type Mount } from "./volumes";

const MOUNT_AND_RUN = join(__dirname, "mount-and-run.sh");

export interface ContainerSettings {
  readonly definition: ContainerDefinition;
  readonly image: LocalImage;
  readonly machine: Machine;
  /** The task's own address. */
  readonly address: string;
  /** Path of the task's network namespace. @default - the machine's network */
  readonly network?: string;
  readonly mounts: readonly Mount[];
  /** An empty directory for the new roots of mount namespaces. */
  readonly stage: string;
  /** A directory for temporary files, which everybody may write to. */
  readonly temporary: string;
  /** Values of the container's secrets by their `valueFrom`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Of every container; the task definition's own comes before it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A container as commands of this machine: how it is started, and how a command is run inside. */
export class ContainerCommand {
  private readonly argv: readonly string[];
  private readonly env: Readonly<Record<string, string>>;
  private readonly cwd: string;
  private readonly user: readonly string[];

  /** @throws Error what of the container's definition cannot be done here */
  public constructor(private readonly settings: ContainerSettings) {
    const { definition, image } = settings;
    this.argv = commandOf(definition, image);
    this.env = environmentOf(settings);
    this.cwd = definition.workingDirectory ?? image.cwd;
    this.user = this.userPrefix();
  }

  public get start(): GroupCommand {
    const { mounts, stage } = this.settings;
    const { network } = this;
    const argv = [...this.user, ...this.argv];
    if (!this.hasMounts) return { argv: [...network, ...argv], cwd: this.cwd, env: this.env };
    const options = mounts.flatMap(({ source, target, readOnly }) => [
      source,
      target,
      readOnly ? "ro" : "rw",
    ]);
    const mount = ["unshare", "--mount", "--propagation", "private", "/bin/sh", MOUNT_AND_RUN];
    return {
      argv: [...network, ...mount, stage, this.cwd, ...options, "--", ...argv],
      cwd: "/",
      env: this.env,
    };
  }

  /** A command inside the container whose first process is `pid`, with its environment, as its user. */
  public inside(pid: number, command: readonly string[]): GroupCommand {
    const mounts = this.hasMounts ? ["nsenter", "--mount", "--root", "--wd", "--target", `${pid}`] : [];
    const argv = [...this.network, ...mounts, ...this.user, ...command];
    return { argv, cwd: this.hasMounts ? "/" : this.cwd, env: this.env };
  }

  /** Not that of a process of the container: one that has just begun is not there yet. */
  private get network(): string[] {
    const { network } = this.settings;
    return network === undefined ? [] : ["nsenter", `--net=${network}`];
  }

  private get hasMounts(): boolean {
    return this.settings.machine.mounts === "namespace" && this.settings.mounts.length > 0;
  }

  private userPrefix(): string[] {
    const { definition, machine } = this.settings;
    if (!definition.user || !machine.switchesUser) return [];
    const [, user, group] = /^(\d+)(?::(\d+))?$/.exec(definition.user) ?? [];
    if (user === undefined) {
      throw new Error(
        `the user of the container "${definition.name}" is ${JSON.stringify(definition.user)}: names are those of the image's /etc/passwd, which is not here; give numbers, for example "1000:1000"`,
      );
    }
    const prefix = user === "0" ? [] : asUser(Number(user), Number(group ?? 0));
    this.checkReadable(prefix);
    return prefix;
  }

  /** A home directory is often closed to others, and the program's own message would be about a missing module. */
  private checkReadable(prefix: readonly string[]): void {
    const [command, ...options] = prefix;
    if (command === undefined) return;
    const { definition, image } = this.settings;
    const check = spawnSync(command, [...options, "test", "-x", image.cwd], { stdio: "ignore" });
    if (check.status === 0) return;
    throw new Error(
      `the user ${definition.user} of the container "${definition.name}" may not enter ${image.cwd}, where its image is: chmod o+rx it and the directories above it`,
    );
  }
}

/** Of the least to the most specific; what the machine's own environment has, apart from the path, is left out. */
function environmentOf(settings: ContainerSettings): Record<string, string> {
  const { definition, image, mounts, machine, address, temporary } = settings;
  const port = definition.portMappings?.[0]?.containerPort;
  const given: Record<string, string> = {
    PATH: process.env.PATH ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: temporary,
    TMPDIR: temporary,
    ...(port === undefined ? {} : { PORT: `${port}` }),
    ...settings.environment,
    ...image.env,
  };
  for (const { name, value } of definition.environment ?? []) given[name] = value;
  for (const { name, valueFrom } of definition.secrets ?? []) given[name] = secret(settings, name, valueFrom);
  if (definition.environmentFiles?.length) {
    throw new Error(
      `ResourceInitializationError: the container "${definition.name}" has environmentFiles, and there is no S3 to read here; use environment`,
    );
  }
  if (machine.mounts === "environment") {
    for (const [name, value] of Object.entries(given)) given[name] = rewritten(value, mounts);
  }
  // where tasks share the machine's network, 0.0.0.0 would be the addresses of all
  return { ...given, HOST: address };
}

function secret({ definition, secrets }: ContainerSettings, name: string, valueFrom: string): string {
  const value = secrets[valueFrom];
  if (value !== undefined) return value;
  throw new Error(
    `ResourceInitializationError: the secret ${name} of the container "${definition.name}" is ${valueFrom}, and no value is known for it. ` +
      `Give one to the task runner: secrets: { ${JSON.stringify(valueFrom)}: "..." }`,
  );
}

/** Says what is missing where the directory of an image is not here. @throws Error */
export function checkImage(name: string, image: LocalImage): void {
  try {
    accessSync(image.cwd, constants.X_OK);
  } catch {
    throw new Error(`CannotPullContainerError: the directory of the image ${name} is not here: ${image.cwd}`);
  }
}
