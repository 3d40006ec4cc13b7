import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./pages";
import type { Command } from "./shell";

interface Package {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
}

const packageIn = (folder: string): Package => {
  const { name, scripts = {} } = JSON.parse(
    readFileSync(join(ROOT, folder, "package.json"), "utf8"),
  ) as Partial<Package>;
  return { name: name ?? "", scripts };
};
const WORKSPACES = readdirSync(join(ROOT, "apps"))
  .filter((name) => existsSync(join(ROOT, "apps", name, "package.json")))
  .map((name) => ({ folder: `apps/${name}`, ...packageIn(`apps/${name}`) }));
const PROJECT = packageIn(".");

const TERRAFORM =
  "init plan apply destroy output show validate fmt state import workspace test force-unlock providers version console login logout refresh taint untaint get graph".split(
    " ",
  );
const STATE = "list mv pull push replace-provider rm show".split(" ");
const WORKSPACE = "list new select show delete".split(" ");
const CDKTF =
  "init get convert deploy apply destroy diff plan list login synth synthesize watch output outputs debug provider completion".split(
    " ",
  );
const RECORD_TYPES = "A AAAA SRV CNAME NS SOA TXT PTR ANY".split(" ");

/** Of a program that others make: what must be true of its arguments. Undefined where nothing is wrong. */
type Check = (words: readonly string[], command: Command) => string | undefined;

/** Programs that the pages may use. One that is not here must be put here, with what holds its arguments. */
const PROGRAMS: Readonly<Record<string, Check>> = {
  npm: checkNpm,
  npx: checkNpx,
  node: checkNode,
  terraform: checkTerraform,
  tofu: checkTerraform,
  aws: checkAws,
  dig: checkDig,
  cd: checkFolder,
  sh: checkScript,
  bash: checkScript,
  // their arguments are not ours
  ...Object.fromEntries(
    "cat chmod chown cp curl diff docker echo env find for getent git grep head jq kill ls mkdir moto_server mv nslookup pip pip3 printf python3 rm sed seq sleep source sudo tail tar tee test timeout touch unset unzip wait watch xargs zip"
      .split(" ")
      .map((program): [string, Check] => [program, () => undefined]),
  ),
};

/** What is wrong with a command; undefined where nothing is. */
export function problemOf(command: Command): string | undefined {
  const [program, ...words] = command.words;
  const placeholder = command.words.find((word) => /<[\w -]+>/.test(word));
  if (placeholder !== undefined)
    return `${placeholder} is no value: give an example, or a variable that the page sets`;
  if (program === undefined) return undefined;
  const check = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  if (check === undefined) return `${program} is no program that __tests__/docs/known-commands.ts knows`;
  return check(words, command);
}

function checkNpm(words: readonly string[], { page }: Command): string | undefined {
  const dashes = words.indexOf("--");
  const [own, passed] = dashes < 0 ? [words, []] : [words.slice(0, dashes), words.slice(dashes + 1)];
  const [verb = "", ...rest] = own.filter((word) => !word.startsWith("-"));
  if (
    [
      "ci",
      "install",
      "uninstall",
      "i",
      "ls",
      "pack",
      "publish",
      "view",
      "login",
      "version",
      "audit",
      "config",
      "link",
    ].includes(verb)
  )
    return undefined;
  const name = verb === "run" ? rest[0] : verb;
  if (!["run", "test", "start"].includes(verb)) return `npm has no command ${verb}`;
  if (name === undefined) return "npm run names no script";
  const { scripts, where, folder } = scriptsFor(own, page, name);
  const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (script === undefined)
    return `there is no script ${name} in ${where}; there are ${Object.keys(scripts).join(", ")}`;
  return checkOptions(script, passed, folder);
}

interface Scripts {
  readonly scripts: Package["scripts"];
  readonly where: string;
  readonly folder: string;
}

/** Those of the workspace that `--workspace` names, or that the page is in; else the project's. */
function scriptsFor(words: readonly string[], page: string, name: string): Scripts {
  const index = words.findIndex((word) => /^(?:-w|--workspace)(?:=|$)/.test(word));
  const named = index < 0 ? undefined : (words[index]?.split("=")[1] ?? words[index + 1]);
  const inPage = WORKSPACES.find(({ folder }) => page.startsWith(`${folder}/`));
  if (named !== undefined) {
    const workspace = WORKSPACES.find(({ name, folder }) => name === named || folder === named);
    return { scripts: workspace?.scripts ?? {}, where: named, folder: workspace?.folder ?? "." };
  }
  // run in the folder of the page, or at the root
  const isOfPage = inPage !== undefined && Object.hasOwn(inPage.scripts, name);
  return {
    scripts: { ...PROJECT.scripts, ...inPage?.scripts },
    where: "package.json",
    folder: isOfPage ? inPage.folder : ".",
  };
}

/** Options of a script of ours stand in its source, or in a file beside it that it imports. */
function checkOptions(script: string, options: readonly string[], folder: string): string | undefined {
  const [file] = /\S+\.ts\b/.exec(script) ?? [];
  if (file === undefined) return undefined;
  const path = join(ROOT, folder, file);
  if (!existsSync(path)) return `the script starts ${file}, which is not there`;
  const sources = [path, ...readdirSync(dirname(path)).map((name) => join(dirname(path), name))].filter(
    (name) => name.endsWith(".ts"),
  );
  const text = sources.map((name) => readFileSync(name, "utf8")).join("\n");
  const unknown = options
    .filter((word) => word.startsWith("--"))
    .map((word) => word.slice(2).split("=")[0] ?? "")
    .find((name) => name !== "help" && !new RegExp(`"--${name}"|"${name}":|\\b${name}:`).test(text));
  return unknown === undefined ? undefined : `${file} knows no option --${unknown}`;
}

function checkNpx(words: readonly string[], command: Command): string | undefined {
  const [program = "", ...rest] = words.filter((word, index) => index > 0 || !/^(?:-y|--yes)$/.test(word));
  // CDK Terrain's has the same commands
  if (program === "cdktf" || program === "cdktn") {
    const [verb = ""] = rest;
    return CDKTF.includes(verb)
      ? undefined
      : `${program} has no command ${verb}; there are ${CDKTF.join(", ")}`;
  }
  if (program === "tsx") return checkNode(rest, command);
  if (existsSync(join(ROOT, "node_modules", ".bin", program))) return undefined;
  // what npx would download must say which version
  return /@\d/.test(program)
    ? undefined
    : `npx ${program} is neither installed here nor of a certain version`;
}

function checkNode(words: readonly string[], { page }: Command): string | undefined {
  const file = words.find((word) => /\.(?:ts|mts|js|mjs|cjs)$/.test(word));
  if (file === undefined) return undefined;
  const source = file.replace(/^dist\/(.*)\.js$/, "src/$1.ts");
  const folders = [".", dirname(page), ...WORKSPACES.map(({ folder }) => folder)];
  return folders.some((folder) => existsSync(join(ROOT, folder, source))) ? undefined : `there is no ${file}`;
}

/** A script of the repository, or of an example that the reader has copied. */
function checkScript(words: readonly string[]): string | undefined {
  const file = words.find((word) => !word.startsWith("-"));
  if (file === undefined || words.includes("-c")) return undefined;
  const examples = existsSync(join(ROOT, "examples")) ? readdirSync(join(ROOT, "examples")) : [];
  const folders = [".", ...examples.map((name) => `examples/${name}`)];
  return folders.some((folder) => existsSync(join(ROOT, folder, file))) ? undefined : `there is no ${file}`;
}

function checkTerraform(words: readonly string[]): string | undefined {
  const [verb = "", ...rest] = words.filter((word) => !word.startsWith("-"));
  if (!TERRAFORM.includes(verb)) return `terraform has no command ${verb}`;
  const [sub = ""] = rest;
  if (verb === "state" && !STATE.includes(sub)) return `terraform state has no command ${sub}`;
  if (verb === "workspace" && !WORKSPACE.includes(sub)) return `terraform workspace has no command ${sub}`;
  return words.find((word) => word.startsWith("--")) === undefined
    ? undefined
    : "terraform's options have one dash";
}

/** Whether the operation and its options are there is what __tests__/terraform/docs.test.ts asks botocore. */
function checkAws(words: readonly string[]): string | undefined {
  const [service = "", operation = ""] = words.filter((word) => !word.startsWith("--"));
  const isName = (word: string): boolean => /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(word);
  return isName(service) && isName(operation)
    ? undefined
    : `aws ${service} ${operation} is no service and operation`;
}

function checkDig(words: readonly string[]): string | undefined {
  const plain = words.filter((word) => !/^[@+-]/.test(word));
  const types = plain.filter((word) => RECORD_TYPES.includes(word.toUpperCase()));
  const names = plain.filter((word) => !RECORD_TYPES.includes(word.toUpperCase()) && !/^\d+$/.test(word));
  if (names.length === 0) return "dig is asked for no name";
  const unknown = names.slice(1).find((word) => !word.includes(".") && !word.startsWith("$"));
  if (unknown !== undefined) return `${unknown} is no record type; there are ${RECORD_TYPES.join(", ")}`;
  return types.length <= names.length ? undefined : "dig is asked for more types than names";
}

function checkFolder([folder = "."]: readonly string[], { page }: Command): string | undefined {
  // what synthesis writes, a temporary folder and a variable are there when the reader is
  if (/^(?:\/tmp|\$|cdktf\.out|hcl\.out|-|~)/.test(folder)) return undefined;
  const isThere = [dirname(page), ".", ...WORKSPACES.map((workspace) => workspace.folder)].some((from) =>
    existsSync(join(ROOT, from, folder)),
  );
  return isThere || folder.split("/").at(-1) === PROJECT.name ? undefined : `there is no folder ${folder}`;
}
