import type { ContainerDefinition } from "./ecs-api";

/** What stands for a container image on this machine, where there is no container engine. */
export interface LocalImage {
  /** The image's ENTRYPOINT. @default - none */
  readonly entryPoint?: readonly string[];
  /** The image's CMD. */
  readonly command: readonly string[];
  /** The image's WORKDIR: absolute, on this machine. */
  readonly cwd: string;
  /** The image's ENV. The environment of the task definition comes before it. @default - none */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * What is run in the place of the command of a container's health check, without `CMD`, where that has not the same
   * files as here. How often and how long it is run is what the task definition says.
   *
   * @default - the command of the task definition
   */
  readonly healthCheck?: readonly string[];
}

/** By the name of the image's repository, for example `stock-service`, or with its registry, `public.ecr.aws/nginx/nginx`. */
export type LocalImages = Readonly<Record<string, LocalImage>>;

/**
 * The name of an image without registry, tag and digest.
 *
 * @example repositoryOf("123456789012.dkr.ecr.us-east-1.amazonaws.com/stock-service:1.2.0") // "stock-service"
 */
export function repositoryOf(image: string): string {
  const name = withoutTag(image);
  const [first = "", ...rest] = name.split("/");
  const hasRegistry =
    rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  return hasRegistry ? rest.join("/") : name;
}

/** Finds what stands for a container's image. @throws Error how to name it */
export function localImageOf(container: ContainerDefinition, images: LocalImages): LocalImage {
  const repository = repositoryOf(container.image);
  const image = images[withoutTag(container.image)] ?? images[repository];
  if (image) return image;
  const known = Object.keys(images);
  throw new Error(
    `CannotPullContainerError: no local command stands for the image ${container.image} of the container "${container.name}". ` +
      `Add it to the task runner's images: { ${JSON.stringify(repository)}: { command: [...], cwd: ... } }; ` +
      `there ${known.length === 1 ? "is" : "are"} ${known.length === 0 ? "none" : known.join(", ")}.`,
  );
}

/**
 * The command of a container as Docker makes it: an entry point of the container takes the place of the image's, and
 * the image's command does not go with it.
 *
 * @see https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
 */
export function commandOf(container: ContainerDefinition, image: LocalImage): string[] {
  const { entryPoint = [], command = [] } = container;
  const ownEntryPoint = entryPoint.length > 0;
  const argv = [
    ...(ownEntryPoint ? entryPoint : (image.entryPoint ?? [])),
    ...(command.length > 0 || ownEntryPoint ? command : image.command),
  ];
  if (argv.length === 0)
    throw new Error(`the container "${container.name}" has no command, and its image has none`);
  return argv;
}

function withoutTag(image: string): string {
  const name = image.split("@")[0] ?? image;
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}
