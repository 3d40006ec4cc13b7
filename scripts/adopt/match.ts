import { ScriptError } from "../commands";
import { isKnown, referenceIn, type Configuration, type ConfiguredResource } from "./configuration";
import { isObject, listOf, valuesAt, type Json } from "./json";
import { RESOURCE_TYPES } from "./resource-types";
import { instanceAddress, type ExistingResource } from "./state";

/** An existing object and the configured resource that will manage it. */
export interface Match {
  readonly existing: ExistingResource;
  readonly configured: ConfiguredResource;
  /** The address that it gets, with the module that the stack is called as, if any. */
  readonly target: string;
  /** The same with its key, where the configuration has `for_each`. */
  readonly to: string;
}

/** Objects of one type that are left on both sides, so that somebody must say whether they are the same. */
export interface Question {
  readonly existing: readonly string[];
  readonly configured: readonly string[];
}

/** What the user says; it goes before everything else. */
export interface Said {
  /** Existing address to configured address. */
  readonly given?: Readonly<Record<string, string>>;
  /** Configured addresses that nothing existing is taken for. */
  readonly anew?: ReadonlySet<string>;
  /** Name of the `module` block that calls the stack. @default - the stack is the root module */
  readonly module?: string;
}

export interface Matches {
  readonly matches: readonly Match[];
  readonly questions: readonly Question[];
}

/**
 * Finds what is the same thing on both sides: by name; by what refers to it (the execution role is the one that the task
 * definitions name); by what it belongs to (the mount targets of that file system).
 * @throws ScriptError for a said address that is not there
 */
export function match(
  existing: readonly ExistingResource[],
  configuration: Configuration,
  { given = {}, anew = new Set(), module }: Said = {},
): Matches {
  for (const address of anew) {
    if (configuration.has(address)) continue;
    throw new ScriptError(`--new ${address}: it is not in the stack`, {
      mend: "give addresses as `terraform plan` prints them, without keys",
    });
  }
  const matching = new Matching(existing, configuration, anew);
  Object.entries(given).forEach(([from, to]) => matching.take(from, to));
  matching.byIdentity();
  matching.byWhatIsKnown();
  return matching.result(inModule(module));
}

/** What stands before the addresses of a module's resources. */
export function inModule(module: string | undefined): string {
  return module === undefined ? "" : `module.${module}.`;
}

class Matching {
  private readonly pairs = new Map<string, ExistingResource[]>();
  private readonly taken = new Set<ExistingResource>();

  public constructor(
    private readonly existing: readonly ExistingResource[],
    private readonly configuration: Configuration,
    private readonly anew: ReadonlySet<string>,
  ) {}

  public take(from: string, to: string): void {
    const found = this.existing.filter(({ address, key }) =>
      [address, instanceAddress(address, key)].includes(from),
    );
    const configured = this.configuration.get(to);
    if (found.length === 0 || configured === undefined) {
      const [side, address] = found.length === 0 ? ["the state", from] : ["the stack", to];
      throw new ScriptError(`--map ${from}=${to}: ${address} is not in ${side}`, {
        mend: "give addresses as `terraform state list` and `terraform plan` print them",
      });
    }
    const other = found.find(({ type }) => type !== configured.type);
    if (other !== undefined) {
      throw new ScriptError(`--map ${from}=${to}: ${other.type} cannot become ${configured.type}`, {
        mend: "map a resource to one of its own type",
      });
    }
    found.forEach((resource) => this.add(to, resource));
  }

  public byIdentity(): void {
    for (const configured of this.free()) {
      const { identity } = RESOURCE_TYPES[configured.type] ?? {};
      if (identity === undefined) continue;
      const same = this.candidates(configured.type).filter(({ values }) =>
        identity.every((path) => {
          const wanted = valuesAt(configured.body, path);
          return wanted.length > 0 && isKnown(wanted) && equal(wanted, valuesAt(values, path));
        }),
      );
      // two of one name are in two namespaces or clusters: neither is taken for the other
      if (new Set(same.map(({ address }) => address)).size === 1)
        same.forEach((one) => this.add(configured.address, one));
    }
  }

  /** Each match can make others known, so it goes on until nothing is found any more. */
  public byWhatIsKnown(): void {
    let before: number;
    do {
      before = this.taken.size;
      for (const [address, existing] of [...this.pairs]) {
        const body = this.configuration.get(address)?.body;
        existing.forEach(({ values }) => this.follow(body, values));
      }
      for (const configured of this.free()) this.byOwner(configured);
      if (this.taken.size === before) this.singles();
    } while (this.taken.size > before);
  }

  public result(prefix: string): Matches {
    const matches = [...this.pairs].flatMap(([address, existing]) => {
      const configured = this.configuration.get(address);
      if (configured === undefined) return [];
      return existing.map((one) => ({
        existing: one,
        configured,
        target: prefix + address,
        to: instanceAddress(prefix + address, keyFor(configured, one)),
      }));
    });
    const types = new Set(this.existing.map(({ type }) => type));
    const questions = [...types].flatMap((type) => {
      const isNamed =
        RESOURCE_TYPES[type]?.identity !== undefined || RESOURCE_TYPES[type]?.owner !== undefined;
      const existing = this.candidates(type).map((one) => instanceAddress(one.address, one.key));
      const configured = this.free()
        .filter((one) => one.type === type)
        .map(({ address }) => address);
      return isNamed && existing.length > 0 && configured.length > 0 ? [{ existing, configured }] : [];
    });
    return { matches, questions };
  }

  /** Where the configuration refers to a resource, the existing value says which existing resource that is. */
  private follow(configured: Json | undefined, existing: Json | undefined): void {
    const reference = referenceIn(configured);
    if (reference !== undefined) {
      const { address, attribute } = reference;
      const [type = ""] = address.split(".");
      const same = this.candidates(type).filter(({ values }) => equal(values[attribute], existing));
      if (!this.pairs.has(address) && !this.anew.has(address) && same.length === 1)
        same.forEach((one) => this.add(address, one));
    } else if (isObject(configured)) {
      const [body] = listOf(existing);
      if (isObject(body))
        Object.entries(configured).forEach(([name, value]) => this.follow(value, body[name]));
    } else if (Array.isArray(configured)) {
      const values = listOf(existing);
      (configured as readonly Json[]).forEach((value, index) => this.follow(value, values[index]));
    }
  }

  private byOwner(configured: ConfiguredResource): void {
    const { owner } = RESOURCE_TYPES[configured.type] ?? {};
    const reference = owner === undefined ? undefined : referenceIn(configured.body[owner]);
    const [parent] = reference === undefined ? [] : (this.pairs.get(reference.address) ?? []);
    if (owner === undefined || reference === undefined || parent === undefined) return;
    const own = this.candidates(configured.type).filter(({ values }) =>
      equal(values[owner], parent.values[reference.attribute]),
    );
    if (own.length === 1 || configured.body.for_each !== undefined)
      own.forEach((one) => this.add(configured.address, one));
  }

  private singles(): void {
    for (const configured of this.free()) {
      if (!RESOURCE_TYPES[configured.type]?.single) continue;
      const existing = this.candidates(configured.type);
      const rivals = this.free().filter(({ type }) => type === configured.type);
      if (existing.length === 1 && rivals.length === 1)
        existing.forEach((one) => this.add(configured.address, one));
    }
  }

  private add(address: string, existing: ExistingResource): void {
    this.taken.add(existing);
    this.pairs.set(address, [...(this.pairs.get(address) ?? []), existing]);
  }

  private candidates(type: string): ExistingResource[] {
    return this.existing.filter((one) => one.type === type && !this.taken.has(one));
  }

  private free(): ConfiguredResource[] {
    return [...this.configuration.values()].filter(
      ({ address }) => !this.pairs.has(address) && !this.anew.has(address),
    );
  }
}

/** The key that `for_each` gives it: what is configured as `each.value`, or the key that it has. */
function keyFor({ body }: ConfiguredResource, existing: ExistingResource): string | number | undefined {
  if (body.for_each === undefined) return undefined;
  const [attribute] = Object.entries(body).find(([, value]) => value === "${each.value}") ?? [];
  const isSet = typeof body.for_each === "string" && body.for_each.startsWith("${toset(");
  const value = attribute === undefined ? undefined : existing.values[attribute];
  return isSet && typeof value === "string" ? value : existing.key;
}

function equal(a: unknown, b: unknown): boolean {
  return a !== undefined && a !== null && a !== "" && JSON.stringify(a) === JSON.stringify(b);
}
