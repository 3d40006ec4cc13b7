import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { compilerOptions } from "../../scripts/docs/api";
import { ROOT, type Block } from "./pages";

/** What the code of a page takes for granted is exported by a file here that is called after the page. */
const CONTEXTS = join(__dirname, "snippets");

const OPTIONS: ts.CompilerOptions = {
  ...compilerOptions(),
  // code of a page may wait, and shows neither what uses its names nor all of the class that a method is in
  module: ts.ModuleKind.ESNext,
  noUnusedLocals: false,
  noUnusedParameters: false,
  noImplicitOverride: false,
  isolatedModules: false,
  baseUrl: ROOT,
  paths: {
    "cdktf-ecs-discovery": ["modules/index.ts"],
    "cdktf-ecs-discovery/testing": ["testing/index.ts"],
    "ecs-discovery-client/grpc": ["apps/discovery-client/src/grpc/index.ts"],
    "ecs-discovery-client": ["apps/discovery-client/src/index.ts"],
  },
};

/** What the compiler says of the code on the pages, one line each, with the place on the page. */
export function problemsIn(blocks: readonly Block[]): string[] {
  const contexts = new Set(blocks.map(contextOf));
  const first = ts.createProgram([...contexts], OPTIONS);
  const names = new Map([...contexts].map((file) => [file, exportsOf(file, first)]));
  const sources = new Map(
    blocks.map((block, index) => {
      const file = contextOf(block);
      return [
        join(CONTEXTS, `.block-${index}.ts`),
        { block, text: moduleOf(block, file, names.get(file) ?? []) },
      ];
    }),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.readFile = (name) => sources.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, version, ...more) => {
    const text = sources.get(name)?.text;
    return text === undefined
      ? getSourceFile(name, version, ...more)
      : ts.createSourceFile(name, text, version, true);
  };
  const program = ts.createProgram([...sources.keys()], OPTIONS, host, first);
  return [...sources].flatMap(([name, { block }]) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return [...new Set(found.map((diagnostic) => described(diagnostic, block)))];
  });
}

/** The context that a block names, or the one of its page, or of the nearest folder above it, or that of the README. */
export function contextOf({ page, settings }: Block): string {
  const parts = (settings.context ?? page.replace(/\.md$/, "")).split("/");
  for (let length = parts.length; length > 0; length -= 1) {
    const file = join(CONTEXTS, `${parts.slice(0, length).join("-")}.ts`);
    if (existsSync(file)) return file;
    if (settings.context !== undefined) throw new Error(`${page}: there is no ${relative(ROOT, file)}`);
  }
  return join(CONTEXTS, "README.ts");
}

function exportsOf(file: string, program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  return module === undefined ? [] : checker.getExportsOfModule(module).map(({ name }) => name);
}

/** Line of the module that a block's first line is on, counted from 1: what stands before it is kept on one line. */
const FIRST_LINE = 2;

/** A block as a module: what it imports first, then what its context gives and it does not define itself, then its code. */
function moduleOf({ text }: Block, context: string, given: readonly string[]): string {
  const source = ts.createSourceFile("block.ts", text, ts.ScriptTarget.Latest, true);
  const imports = source.statements.filter(ts.isImportDeclaration);
  const own = new Set(source.statements.flatMap(namesOf));
  const taken = given.filter((name) => !own.has(name));
  let code = text;
  for (const { pos, end } of imports) {
    // as long as it was, so that all that follows stays where it is
    code = code.slice(0, pos) + code.slice(pos, end).replace(/\S/g, " ") + code.slice(end);
  }
  // three dots where something follows are a spread; where nothing does, they stand for what is left out
  code = code.replace(/\.\.\.(?=\s*[,)\]}])/g, "...elided");
  const head = [
    ...imports.map((declaration) => declaration.getText().replace(/\s+/g, " ")),
    `import { ${taken.join(", ")} } from "./${relative(CONTEXTS, context).replace(/\.ts$/, "")}";`,
  ].join(" ");
  const isMember = /^\s*(?:(?:public|protected|private|static|override|abstract)\b)/.test(code);
  const isModule = source.statements.some((statement) => isExported(statement));
  if (isModule) return `${head}\n${code}\nexport {};`;
  return isMember
    ? `${head} export abstract class Members extends Base {\n${code}\n}`
    : `${head} export async function block(this: This): Promise<void> {\n${code}\n}`;
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings: bindings } = statement.importClause ?? {};
    const named =
      bindings === undefined ? [] : ts.isNamedImports(bindings) ? [...bindings.elements] : [bindings];
    return [...(name === undefined ? [] : [name.text]), ...named.map((element) => element.name.text)];
  }
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as { name?: ts.Node };
  return name === undefined ? [] : [name.getText()];
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function described({ file, start = 0, messageText }: ts.Diagnostic, block: Block): string {
  const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1 - FIRST_LINE;
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  return `${block.page}:${block.line + 1 + Math.max(line, 0)} ${text}`;
}

/** The contexts that nothing on the pages uses. */
export function unusedContexts(blocks: readonly Block[], files: readonly string[]): string[] {
  const used = new Set(blocks.map((block) => relative(CONTEXTS, contextOf(block))));
  const imported = files.flatMap((file) =>
    [...readFileSync(join(CONTEXTS, file), "utf8").matchAll(/from "\.\/([^"]+)"/g)].map(
      ([, name = ""]) => `${name}.ts`,
    ),
  );
  return files.filter((file) => !used.has(file) && !imported.includes(file));
}
