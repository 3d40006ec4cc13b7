import { readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "..", "..");

export interface Instruction {
  /** In capital letters: `COPY`. */
  readonly name: string;
  readonly text: string;
}

/** One `FROM` and what follows it. */
export interface Stage {
  readonly from: string;
  readonly as: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** The part of a Dockerfile's syntax that the images of `apps/` are written in. */
export class Dockerfile {
  public static of(app: string): Dockerfile {
    return new Dockerfile(readFileSync(join(ROOT, "apps", app, "Dockerfile"), "utf8"));
  }

  public readonly stages: readonly Stage[];
  private readonly defaults = new Map<string, string>();

  public constructor(text: string) {
    const stages: { from: string; as: string | undefined; instructions: Instruction[] }[] = [];
    for (const { name, text: rest } of instructionsOf(text)) {
      if (name === "FROM") {
        const words = rest.split(/\s+/).filter((word) => !word.startsWith("--"));
        stages.push({ from: this.filled(words[0] ?? ""), as: words[2], instructions: [] });
      } else if (stages.length === 0) {
        const [key = "", value = ""] = rest.split("=");
        this.defaults.set(key, value);
      } else stages.at(-1)?.instructions.push({ name, text: rest });
    }
    this.stages = stages;
  }

  /** The stage that becomes the image. */
  public get image(): Stage {
    const stage = this.stages.at(-1);
    if (stage === undefined) throw new Error("the Dockerfile has no FROM");
    return stage;
  }

  /** The texts of all instructions of a name in the image's stage. */
  public all(name: string): string[] {
    return this.image.instructions.filter((instruction) => instruction.name === name).map(({ text }) => text);
  }

  /** The instruction that counts, the last one of its name. @throws Error where there is none */
  public last(name: string): string {
    const text = this.all(name).at(-1);
    if (text === undefined) throw new Error(`the image has no ${name}`);
    return text;
  }

  /** An instruction in exec form. @throws SyntaxError where it is in shell form */
  public exec(name: string): string[] {
    return JSON.parse(this.last(name)) as string[];
  }

  public healthCheck(): { command: string[]; options: Record<string, number> } {
    const text = this.last("HEALTHCHECK");
    const options = [...text.matchAll(/--([a-z-]+)=(\d+)s?/g)].map(([, key = "", value]) => [
      key,
      Number(value),
    ]);
    return {
      command: ["CMD", ...(JSON.parse(text.slice(text.indexOf("CMD") + 3)) as string[])],
      options: Object.fromEntries(options) as Record<string, number>,
    };
  }

  /** The variables of the image's `ENV` instructions. */
  public environment(): Record<string, string> {
    const pairs = this.all("ENV").flatMap((text) => text.split(/\s+/).map((pair) => pair.split("=")));
    return Object.fromEntries(pairs) as Record<string, string>;
  }

  /** The labels of the image, without their quotes. */
  public labels(): Record<string, string> {
    const pairs = this.all("LABEL").flatMap((text) =>
      [...text.matchAll(/([\w.]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    );
    return Object.fromEntries(pairs) as Record<string, string>;
  }

  private filled(text: string): string {
    return text.replace(/\$\{(\w+)\}/g, (_, name: string) => this.defaults.get(name) ?? "");
  }
}

/** Comments out, continued lines joined. */
function instructionsOf(text: string): Instruction[] {
  return text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#") && line.trim() !== "")
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => {
      const [, name = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { name: name.toUpperCase(), text: rest.trim() };
    });
}
