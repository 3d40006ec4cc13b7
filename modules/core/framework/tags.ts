import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { general } from "../../rules/general";
import { check, checkText } from "./check";
import { warnUnless } from "./warnings";

/** Tags of resources: values by their keys. */
export type Tags = Readonly<Record<string, string>>;

const OTHER_SIGNS = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]+/gu;
const KEY = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** Refuses tags that some of the resources of a stack could not have. */
export function checkTags(scope: IConstruct, property: string, tags: Tags): void {
  const keys = Object.keys(tags);
  check(scope, property, keys.length, (count) => count <= 49, general.tagCount);
  for (const [key, value] of Object.entries(tags)) {
    check(scope, property, key, (text) => KEY.test(text), general.tagKey);
    checkText(scope, `${property}.${key}`, value);
    check(scope, `${property}.${key}`, value, (text) => VALUE.test(text), general.tagValue);
  }
  const differ = (all: readonly string[]): boolean =>
    new Set(all.map((key) => key.toLowerCase())).size === all.length;
  warnUnless(scope, property, keys, differ, general.tagKeyCase);
}

/** A text as a tag can have it: a hyphen stands for signs that AWS refuses. What only Terraform knows stays as it is. */
export function tagValue(text: string): string {
  return Token.isUnresolved(text) ? text : text.replace(OTHER_SIGNS, "-").slice(0, 256);
}
