import { Argument, isList, type Block, type Setting } from "./configured-plan";

/**
 * A task definition with its volumes called by their numbers, `volume 1`, where they are defined and where they are
 * mounted. What a volume is called is the business of one task definition: the article does not print it, and nothing
 * on AWS has that name.
 */
export function withNumberedVolumes(block: Block): Block {
  if (block.volume === undefined) return block;
  const volumes = isList(block.volume) ? block.volume : [block.volume];
  const numbers = new Map(volumes.map((volume, index) => [nameOf(volume), `volume ${index + 1}`]));
  return renamed(block, numbers) as Block;
}

function renamed(setting: Setting, numbers: ReadonlyMap<unknown, string>, at = ""): Setting {
  if (setting instanceof Argument) {
    const isName = at === ".volume.name" || at === ".container_definitions.mountPoints.sourceVolume";
    const number = isName ? numbers.get(setting.known) : undefined;
    return number === undefined ? setting : new Argument(number);
  }
  if (isList(setting)) return setting.map((member) => renamed(member, numbers, at));
  return Object.fromEntries(
    Object.entries(setting).map(([name, member]) => [name, renamed(member, numbers, `${at}.${name}`)]),
  );
}

function nameOf(volume: Setting): unknown {
  const name = volume instanceof Argument || isList(volume) ? undefined : volume.name;
  return name instanceof Argument ? name.known : undefined;
}
