import { expandService, quotedIn, tableBelow } from "./article/comparison/document";
import { Page } from "./page";

/** The page that says how a deployment is adopted. */
export const PAGE = new Page("adopt.md");

/** What a destroy leaves. */
export const OLD_REVISIONS = ["signal-processing-service:1", "stock-service:1"].map(
  (revision) => `arn:aws:ecs:us-east-1:123456789012:task-definition/${revision}`,
);

/** The synthesized stack, in a checkout. */
export const STACK = ["cdktf.out", "stacks", "trading-platform"];

/** The lines of a section of what was printed, those that go on with an arrow joined. */
export function section(printed: string, title: string): string[] {
  const text = printed.split(/\n(?=\S)/).find((part) => part.startsWith(title)) ?? "";
  return [...text.matchAll(/^ {2}(\S.*(?:\n {4}->.*)?)$/gm)].map(([, line]) => line ?? "");
}

/** By type, the attributes of the page's table; every resource gets tags. */
export function documentedUpdates(): Record<string, string[]> {
  const untagged = new Set(["aws_efs_mount_target", "aws_iam_role_policy"]);
  const rows = tableBelow(PAGE.text, "What changes in place").map(([resource, attributes]) => {
    const [type = ""] = quotedIn(resource);
    return [type, [...quotedIn(attributes), ...(untagged.has(type) ? [] : ["tags_all"])].sort()] as const;
  });
  return Object.fromEntries(rows);
}

/** `address attribute` of the page's table. */
export function documentedKeeps(): string[] {
  return tableBelow(PAGE.text, "What is kept, against the configuration")
    .map(([resource, attribute]) => `${quotedIn(resource).join()} ${quotedIn(attribute).join()}`)
    .flatMap(expandService)
    .sort();
}
