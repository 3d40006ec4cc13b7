import { pageInPackage } from "../../scripts/page-links";

const FILES = new Set([
  "README.md",
  "docs/local.md",
  "docs/guides/start.md",
  "dist/modules/core/storage/efs.d.ts",
]);

describe("a page in the package", () => {
  test.each([
    ["a link to a page that is packed", "[Local](../local.md#tools)"],
    ["an address", "[moto](https://github.com/getmoto/moto)"],
    ["an anchor of the page itself", "[tools](#tools)"],
    ["a link in code", "`[x](../missing.md)`"],
    ["a link in a block", "```text\n[x](../missing.md)\n```"],
  ])("keeps %s", (_, text) => {
    expect(pageInPackage(text, "docs/guides/start.md", FILES)).toBe(text);
  });

  test.each([
    [
      "leads to declarations in the place of a source",
      "[`Efs`](../../modules/core/storage/efs.ts)",
      "[`Efs`](../../dist/modules/core/storage/efs.d.ts)",
    ],
    [
      "gives the text and the path of what is not packed",
      "see [what it\ndoes](../../apps/client/README.md#what), and [more](../../apps)",
      "see what it\ndoes (`apps/client/README.md` in the repository), and more (`apps` in the repository)",
    ],
    ["gives a path once", "[`apps/`](../../apps)", "`apps`"],
    [
      "looks from the page's own folder",
      "[x](docs/local.md)",
      "x (`docs/guides/docs/local.md` in the repository)",
    ],
  ])("%s", (_, text, expected) => {
    expect(pageInPackage(text, "docs/guides/start.md", FILES)).toBe(expected);
  });
});
