import { posix } from "node:path";

/** Code of a page, in fences or in the text, in which nothing is a link; or a link, with its text and its target. */
const CODE_OR_LINK = /^```[^]*?^```$|`[^`\n]+`|\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/gm;

/**
 * A page as the npm package has it. A link to a source leads to its declarations. A link to what is in the repository and
 * not in the package becomes its text, with the path behind it.
 *
 * @param path of the page, from the root of the package, with slashes
 * @param files paths of all that is in the package
 */
export function pageInPackage(page: string, path: string, files: ReadonlySet<string>): string {
  const folder = posix.dirname(path);
  return page.replace(CODE_OR_LINK, (whole, text?: string, target?: string) => {
    if (text === undefined || target === undefined || /^(?:[a-z][a-z0-9+.-]*:|#)/i.test(target)) return whole;
    const [file = "", anchor] = target.split("#");
    const to = posix.join(folder, file);
    if (files.has(to)) return whole;
    const declarations = `dist/${to.replace(/\.ts$/, ".d.ts")}`;
    if (to.endsWith(".ts") && files.has(declarations))
      return `[${text}](${posix.relative(folder, declarations)}${anchor === undefined ? "" : `#${anchor}`})`;
    const plain = text.replace(/^`(.*)`$/, "$1");
    return plain.replace(/\/$/, "") === to ? `\`${to}\`` : `${text} (\`${to}\` in the repository)`;
  });
}
