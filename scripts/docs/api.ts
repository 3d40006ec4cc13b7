import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "../commands";
import { choicesOf } from "./choices";
import { docCommentOf, type DocComment } from "./doc-comment";

/** A property of an interface, an output of a class. */
export interface Member {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly doc: DocComment;
}

export interface Method {
  readonly name: string;
  /** `mount(accessPoint: IEfsAccessPoint, options: MountOptions): void`. */
  readonly signature: string;
  /** The class or interface that it is written in. */
  readonly owner: string;
  readonly doc: DocComment;
}

/** Something that users of the package can import. */
export interface Entry {
  readonly name: string;
  readonly kind: "class" | "interface" | "type" | "function" | "constant";
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly doc: DocComment;
  /** Inputs of an interface or of an object type, outputs of a class. */
  readonly members: readonly Member[];
  /** Choices between members: of each, one of the sets is given. */
  readonly choices: readonly (readonly (readonly string[])[])[];
  readonly methods: readonly Method[];
  readonly statics: readonly Method[];
  /** Signature of the constructor, or of the function; the text of a type that is no object. */
  readonly signature?: string;
  /** Name of the type of `props`, for a class that is made with one. */
  readonly props?: string;
  /** What it extends and implements, directly or by way of another class of this package. */
  readonly bases: readonly string[];
}

/** What is exported, and what is wrong with how it is documented. */
export interface Api {
  readonly entries: readonly Entry[];
  /** One line for each: where it is, and what is missing. */
  readonly problems: readonly string[];
}

/** Reads what the given files export, in the order in which they export it. */
export function readApi(files: readonly string[]): Api {
  const program = ts.createProgram(
    files.map((file) => join(ROOT, file)),
    compilerOptions(),
  );
  const reader = new ApiReader(program.getTypeChecker());
  for (const file of files) {
    const source = program.getSourceFile(join(ROOT, file));
    if (source === undefined) throw new Error(`there is no ${file}`);
    reader.read(source);
  }
  return reader.api();
}

/** Those of the project. */
export function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  return { ...options, noEmit: true };
}

const NOT_PUBLIC = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

class ApiReader {
  private readonly entries = new Map<ts.Symbol, Entry>();
  /** By place: what many inherit is said once. */
  private readonly problems = new Map<string, string>();

  public constructor(private readonly checker: ts.TypeChecker) {}

  public read(source: ts.SourceFile): void {
    const module = this.checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${source.fileName} exports nothing`);
    for (const exported of this.checker.getExportsOfModule(module)) {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? this.checker.getAliasedSymbol(exported) : exported;
      const [declaration] = symbol.declarations ?? [];
      if (declaration !== undefined) this.entries.set(symbol, this.entryOf(symbol, declaration));
    }
  }

  public api(): Api {
    return { entries: [...this.entries.values()], problems: [...this.problems.values()] };
  }

  private entryOf(symbol: ts.Symbol, declaration: ts.Declaration): Entry {
    const source = declaration.getSourceFile();
    const entry = {
      name: symbol.name,
      file: relative(ROOT, source.fileName),
      line: source.getLineAndCharacterOfPosition(declaration.getStart()).line + 1,
      doc: this.docOf(symbol, symbol.name),
      members: [],
      choices: [],
      methods: [],
      statics: [],
      bases: [],
    };
    if (ts.isClassDeclaration(declaration))
      return { ...entry, kind: "class", ...this.classOf(symbol, declaration) };
    if (ts.isInterfaceDeclaration(declaration)) {
      return { ...entry, kind: "interface", ...this.membersOf(symbol), bases: this.basesOf(declaration) };
    }
    if (ts.isTypeAliasDeclaration(declaration))
      return { ...entry, kind: "type", ...this.aliasOf(symbol, declaration) };
    if (ts.isFunctionDeclaration(declaration)) {
      return { ...entry, kind: "function", signature: this.signatureOf(symbol.name, declaration) };
    }
    return { ...entry, kind: "constant", signature: `${symbol.name}: ${this.typeOf(symbol, declaration)}` };
  }

  private classOf(symbol: ts.Symbol, declaration: ts.ClassDeclaration): Partial<Entry> {
    const statics = this.checker
      .getPropertiesOfType(this.checker.getTypeOfSymbolAtLocation(symbol, declaration))
      .filter(
        (member) => isPublic(member) && member.declarations?.some(({ parent }) => parent === declaration),
      )
      .map((member) => this.methodOf(symbol, member));
    const maker = declaration.members.find(ts.isConstructorDeclaration);
    const props = maker?.parameters.find(({ name }) => name.getText() === "props")?.type?.getText();
    const isMade = maker !== undefined && (ts.getCombinedModifierFlags(maker) & NOT_PUBLIC) === 0;
    return {
      ...this.membersOf(symbol),
      statics,
      bases: this.basesOf(declaration),
      props: isMade ? props : undefined,
      signature: isMade ? `new ${this.signatureOf(symbol.name, maker)}` : undefined,
    };
  }

  private aliasOf(symbol: ts.Symbol, declaration: ts.TypeAliasDeclaration): Partial<Entry> {
    const type = this.checker.getDeclaredTypeOfSymbol(symbol);
    const types = type.isUnion() ? type.types : [type];
    const isObject = types.every((one) => (one.flags & ts.TypeFlags.Object) !== 0 || one.isIntersection());
    const isCallable = types.some((one) => one.getCallSignatures().length > 0);
    if (!isObject || isCallable || declaration.typeParameters !== undefined) {
      return { signature: this.textOf(type, declaration) };
    }
    const given = types.map((one) =>
      this.checker.getPropertiesOfType(one).filter((member) => !isNever(member, declaration, this.checker)),
    );
    const all = new Map(given.flat().map((member): [string, ts.Symbol] => [member.name, member]));
    const isEverywhere = (name: string): boolean =>
      given.every((some) => some.some((other) => other.name === name));
    const members = [...all.values()].map((member) => this.memberOf(symbol, member));
    const cases = given.map((some) => some.map(({ name }) => name).filter((name) => !isEverywhere(name)));
    return {
      members: members.map((member) => ({
        ...member,
        isOptional: member.isOptional || !isEverywhere(member.name),
      })),
      choices: choicesOf(cases),
    };
  }

  /** Literals one by one, where they are made of something that is not exported. */
  private textOf(type: ts.Type, declaration: ts.TypeAliasDeclaration): string {
    const isLiteral = type.isUnion() && type.types.every((one) => one.isLiteral());
    if (!isLiteral) return oneLine(declaration.type.getText());
    return type.types.map((one) => this.checker.typeToString(one)).join(" | ");
  }

  /** Public members, those of base types of this package too. */
  private membersOf(symbol: ts.Symbol): Pick<Entry, "members" | "methods"> {
    const all = this.checker
      .getPropertiesOfType(this.checker.getDeclaredTypeOfSymbol(symbol))
      .filter((member) => isOwn(member) && isPublic(member) && !isOverride(member));
    const isMethod = ({ flags }: ts.Symbol): boolean => (flags & ts.SymbolFlags.Method) !== 0;
    return {
      members: all.filter((member) => !isMethod(member)).map((member) => this.memberOf(symbol, member)),
      methods: all.filter(isMethod).map((member) => this.methodOf(symbol, member)),
    };
  }

  private memberOf(owner: ts.Symbol, member: ts.Symbol): Member {
    const [declaration] = member.declarations ?? [];
    return {
      name: member.name,
      type: declaration === undefined ? "" : this.typeOf(member, declaration),
      isOptional: (member.flags & ts.SymbolFlags.Optional) !== 0,
      doc: this.docOf(member, `${owner.name}.${member.name}`),
    };
  }

  private methodOf(owner: ts.Symbol, member: ts.Symbol): Method {
    const declaration = (member.declarations ?? []).find(ts.isFunctionLike);
    const parent = declaration?.parent;
    const isNamed = parent !== undefined && (ts.isClassLike(parent) || ts.isInterfaceDeclaration(parent));
    return {
      name: member.name,
      owner: (isNamed ? parent.name?.text : undefined) ?? owner.name,
      signature: declaration === undefined ? member.name : this.signatureOf(member.name, declaration),
      doc: this.docOf(member, `${owner.name}.${member.name}`),
    };
  }

  private typeOf(symbol: ts.Symbol, declaration: ts.Declaration): string {
    const written = "type" in declaration ? (declaration.type as ts.TypeNode | undefined) : undefined;
    if (written !== undefined) return oneLine(written.getText());
    return this.checker.typeToString(
      this.checker.getTypeOfSymbolAtLocation(symbol, declaration),
      declaration,
    );
  }

  private signatureOf(name: string, declaration: ts.SignatureDeclaration): string {
    const parameters = declaration.parameters.map((parameter) => {
      const written = parameter.initializer === undefined ? parameter.getText() : optional(parameter);
      return written.replace(/^(?:(?:public|private|protected|readonly)\s+)+/, "");
    });
    const result = ts.isConstructorDeclaration(declaration)
      ? ""
      : `: ${declaration.type?.getText() ?? "void"}`;
    return oneLine(`${name}(${parameters.join(", ")})${result}`);
  }

  private basesOf(declaration: ts.ClassDeclaration | ts.InterfaceDeclaration): string[] {
    const direct = (declaration.heritageClauses ?? []).flatMap(({ types }) => [...types]);
    return direct.flatMap((base) => {
      const [written] = this.checker.getTypeAtLocation(base).symbol.declarations ?? [];
      const isClass = written !== undefined && ts.isClassDeclaration(written);
      return [base.getText(), ...(isClass ? this.basesOf(written) : [])];
    });
  }

  /** The inputs of a class need no sentence that says so. */
  private docOf(symbol: ts.Symbol, name: string): DocComment {
    const doc = docCommentOf(symbol, this.checker);
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined || doc.text !== "") return doc;
    if (/^\w+Props$/.test(name)) return doc;
    const source = declaration.getSourceFile();
    const { line } = source.getLineAndCharacterOfPosition(declaration.getStart());
    const place = `${relative(ROOT, source.fileName)}:${line + 1}`;
    if (!this.problems.has(place)) this.problems.set(place, `${place} ${name} has no documentation comment`);
    return doc;
  }
}

function optional(parameter: ts.ParameterDeclaration): string {
  return `${parameter.name.getText()}?: ${parameter.type?.getText() ?? "unknown"}`;
}

function isOwn({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((declaration) => {
    const { fileName } = declaration.getSourceFile();
    return !fileName.includes("/node_modules/") && !ts.isTypeParameterDeclaration(declaration);
  });
}

function isPublic({ name, declarations = [] }: ts.Symbol): boolean {
  const isHidden = (declaration: ts.Declaration): boolean =>
    (ts.getCombinedModifierFlags(declaration) & NOT_PUBLIC) !== 0;
  return name !== "prototype" && !name.startsWith("__@") && !declarations.some(isHidden);
}

/** What everything of a base outside this package has: the name of an error. */
function isOverride({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((one) => (ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Override) !== 0);
}

function isNever(member: ts.Symbol, at: ts.Node, checker: ts.TypeChecker): boolean {
  const type = checker.getTypeOfSymbolAtLocation(member, at);
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((part) => (part.flags & (ts.TypeFlags.Never | ts.TypeFlags.Undefined)) !== 0);
}

function oneLine(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/([([]) /g, "$1")
    .replace(/,? ([)\]])/g, "$1")
    .replace(/^\| /, "");
}
