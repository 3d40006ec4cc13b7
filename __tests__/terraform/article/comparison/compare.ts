import { isDeepStrictEqual } from "node:util";
import { Argument, isList, type Block, type Setting } from "./configured-plan";

/** An argument, or a member of a list, that only ours has. */
export interface Addition {
  /** `deployment_circuit_breaker.enable`; `[]` stands for the members of a list. */
  readonly argument: string;
  /** As it is configured, `${}` around a single reference left out. */
  readonly value: string;
}

export interface Comparison {
  /** What the article sets and ours does not set, or sets to something else; one line each. */
  readonly missing: string[];
  readonly added: Addition[];
}

/**
 * Compares a block of ours with one of the article's. What is known in both must be equal; what is not is compared by
 * what it refers to. Lists and sets of ours may have more members.
 * @param ours The article's references must be translated to ours before.
 */
export function compare(article: Setting, ours: Setting, at = ""): Comparison {
  if (isList(article) || isList(ours)) return compareLists(listOf(article), listOf(ours), at);
  if (article instanceof Argument && ours instanceof Argument) return compareArguments(article, ours, at);
  if (article instanceof Argument || ours instanceof Argument) {
    return { missing: [`${at} is a block in one and an argument in the other`], added: [] };
  }
  return compareBlocks(article, ours, at);
}

/** JSON text as settings, so that two documents are compared member by member. */
export function settingOfJson(value: unknown): Setting {
  if (Array.isArray(value) && value.some((member) => typeof member === "object"))
    return value.map(settingOfJson);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Argument(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, settingOfJson(member)]));
}

/** The document in a JSON text; undefined for any other value. */
export function jsonIn(text: unknown): unknown {
  return typeof text === "string" && /^[[{]/.test(text) ? JSON.parse(text) : undefined;
}

/** Everything in a setting as additions. */
export function additionsOf(ours: Setting, at: string): Addition[] {
  if (ours instanceof Argument) {
    const { text } = ours;
    if (Array.isArray(text)) return text.flatMap((member) => additionsOf(new Argument(member), at));
    if (typeof text === "object" && text !== null) return additionsOf(settingOfJson(text), at);
    return [{ argument: at, value: show(text) }];
  }
  if (isList(ours)) {
    return ours.map((member) => ({ argument: at, value: JSON.stringify(plain(member)) }));
  }
  return Object.entries(ours).flatMap(([name, setting]) => additionsOf(setting, join(at, name)));
}

function compareBlocks(article: Block, ours: Block, at: string): Comparison {
  const result: Comparison = { missing: [], added: [] };
  for (const [name, setting] of Object.entries(article)) {
    const counterpart = ours[name];
    if (counterpart === undefined) result.missing.push(`${join(at, name)} is not set`);
    else append(result, compare(setting, counterpart, join(at, name)));
  }
  for (const [name, setting] of Object.entries(ours)) {
    if (!(name in article)) result.added.push(...additionsOf(setting, join(at, name)));
  }
  return result;
}

/** Each member of the article's must be found in a member of ours, each in another. */
function compareLists(article: readonly Setting[], ours: readonly Setting[], at: string): Comparison {
  const result: Comparison = { missing: [], added: [] };
  const left = [...ours];
  for (const member of article) {
    const comparisons = left.map((candidate) => compare(member, candidate, `${at}[]`));
    const index = comparisons.findIndex(({ missing }) => missing.length === 0);
    const found = comparisons[index];
    if (found === undefined) {
      const reasons = comparisons.flatMap(({ missing }) => missing).join("; ");
      result.missing.push(
        `${at} has no member with ${JSON.stringify(plain(member))}: ${reasons || "it is empty"}`,
      );
      continue;
    }
    left.splice(index, 1);
    append(result, found);
  }
  result.added.push(...additionsOf(left, at));
  return result;
}

function compareArguments(article: Argument, ours: Argument, at: string): Comparison {
  if (article.known === undefined || ours.known === undefined) return compareReferences(article, ours, at);
  if (isDeepStrictEqual(article.known, ours.known)) return { missing: [], added: [] };
  const [theirs, own] = [article.known, ours.known];
  if (Array.isArray(theirs) && Array.isArray(own)) {
    const lacking = theirs.filter((member) => !own.includes(member));
    return {
      missing: lacking.map((member) => `${at} lacks ${JSON.stringify(member)}`),
      added: own
        .filter((member) => !theirs.includes(member))
        .map((member) => ({ argument: at, value: show(member) })),
    };
  }
  // the article passes the URL of the repository alone; a tag behind it is an addition
  if (isImage(at, theirs) && isImage(at, own) && own.startsWith(`${theirs}:`)) {
    return { missing: [], added: [{ argument: at, value: own.slice(theirs.length) }] };
  }
  return { missing: [`${at} is ${JSON.stringify(own)}, not ${JSON.stringify(theirs)}`], added: [] };
}

function isImage(at: string, value: unknown): value is string {
  return at === "container_definitions[].image" && typeof value === "string";
}

function compareReferences(article: Argument, ours: Argument, at: string): Comparison {
  if (article.references.length === 0) {
    return { missing: [`${at} cannot be compared: ours is known only after the apply`], added: [] };
  }
  const lacking = article.references.filter((name) => !ours.references.includes(name));
  return {
    missing: lacking.map((name) => `${at} does not refer to ${name}, but to ${ours.references.join(", ")}`),
    added: ours.references
      .filter((name) => !article.references.includes(name))
      .map((value) => ({ argument: at, value })),
  };
}

function append(result: Comparison, more: Comparison): void {
  result.missing.push(...more.missing);
  result.added.push(...more.added);
}

function listOf(setting: Setting): readonly Setting[] {
  return isList(setting) ? setting : [setting];
}

function join(at: string, name: string): string {
  return at === "" ? name : `${at}.${name}`;
}

function show(text: unknown): string {
  return typeof text === "string" ? text.replace(/^\$\{([^${}]*)\}$/, "$1") : JSON.stringify(text);
}

function plain(setting: Setting): unknown {
  if (setting instanceof Argument) return setting.known ?? setting.text ?? setting.references;
  if (isList(setting)) return setting.map(plain);
  // the words of a condition's error are no argument that anybody compares
  const members = Object.entries(setting).filter(([name]) => name !== "error_message");
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}
