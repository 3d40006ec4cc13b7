/** The arguments of a block of a synthesized configuration. */
export type Arguments = Readonly<Record<string, unknown>>;

type Blocks = Readonly<Record<string, Arguments>>;

/** A synthesized stack as one reads it. */
export class StackConfiguration {
  private readonly document: Readonly<{
    resource?: Readonly<Record<string, Blocks>>;
    variable?: Blocks;
    output?: Blocks;
  }>;

  public constructor(json: string) {
    this.document = JSON.parse(json) as typeof this.document;
  }

  /** All resources of a type, by their names. */
  public resources(type: string): [name: string, Arguments][] {
    return Object.entries(this.document.resource?.[type] ?? {});
  }

  /** The resource of a type that a text refers to: its name and its arguments. */
  public referred(type: string, reference: unknown): [name: string, Arguments] | undefined {
    const [name] = namesIn(reference, type);
    return this.resources(type).find(([other]) => other === name);
  }

  public get variables(): [name: string, Arguments][] {
    return Object.entries(this.document.variable ?? {});
  }

  public get outputs(): [name: string, Arguments][] {
    return Object.entries(this.document.output ?? {});
  }
}

/** Names of the resources of a type that a text or a list of texts refers to. */
export function namesIn(references: unknown, type: string): string[] {
  const matches = JSON.stringify(references ?? "").matchAll(new RegExp(`\\b${type}\\.(\\w+)`, "g"));
  return [...new Set([...matches].map(([, name = ""]) => name))];
}

/** Blocks of one name: none, one, or a list of them. */
export function blocks(value: unknown): Arguments[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as Arguments[];
}

/** A text as it stands; of anything else its JSON. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
