import { existsSync, readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";
import type { EntryPoint } from "./entry-points";

/**
 * Writes the names that can be imported from each entry point into a file, one a line. True where they differ from what
 * it said; with `isCheck` it stays as it is.
 */
export function writeNames(entryPoints: readonly EntryPoint[], file: string, isCheck: boolean): boolean {
  const text = [
    "# What can be imported from where",
    "",
    "Made by `npm run api`. The root has what `core` and `services` have. Names in italics are types alone.",
    ...entryPoints
      .filter(({ name }) => name !== "index")
      .flatMap(({ name, require: { types } }) => ["", `## ${name}`, "", ...namesOf(types)]),
    "",
  ].join("\n");
  const changed = !existsSync(file) || readFileSync(file, "utf8") !== text;
  if (changed && !isCheck) writeFileSync(file, text);
  return changed;
}

function namesOf(types: string): string[] {
  const program = ts.createProgram([types], { skipLibCheck: true, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(types);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined)
    throw new Error(`${types} is not there or exports nothing; npm run build:package`);
  return checker
    .getExportsOfModule(module)
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
    .map((symbol) => (isValue(checker, symbol) ? `- ${symbol.name}` : `- _${symbol.name}_`));
}

function isValue(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.flags & ts.SymbolFlags.Value) !== 0;
}
