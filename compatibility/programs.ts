import { STACKS } from "../stacks";

/** How the packages are called that an app imports. */
export interface PackageNames {
  readonly library: "cdktf" | "cdktn";
  /** Of the provider's bindings. */
  readonly bindings: string;
  readonly modules: string;
}

export const CDKTF: PackageNames = {
  library: "cdktf",
  bindings: "@cdktf/provider-aws",
  modules: "cdktf-ecs-discovery",
};
export const CDK_TERRAIN: PackageNames = {
  library: "cdktn",
  bindings: "@cdktn/provider-aws",
  modules: "cdktn-ecs-discovery",
};

/** Names of classes of all stacks by the names of the stacks. */
const CLASSES = Object.fromEntries(
  Object.keys(STACKS).map((name) => [
    name,
    `${name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())}Stack`,
  ]),
);

/** Makes all stacks of this project, out of the package. */
export function allStacks({ library, modules }: PackageNames): string {
  return [
    `import { App } from "${library}";`,
    `import { checkFindings } from "${modules}";`,
    `import { ${Object.values(CLASSES).join(", ")} } from "${modules}/stacks";`,
    `const app = new App();`,
    ...Object.entries(CLASSES).map(([name, type]) => `new ${type}(app, "${name}");`),
    `checkFindings(app);`,
    `app.synth();`,
  ].join("\n");
}

/** A stack that something is unwise in. */
export const UNWISE_STACK = "unwise";

/**
 * Makes all stacks and one with a warning, as JSON and as HCL, and prints how many elements are instances of the app's
 * own copy of the library, and how many are not.
 */
export function allStacksTwice({ library, modules }: PackageNames): string {
  return [
    `import { App, TerraformElement } from "${library}";`,
    `import { checkFindings } from "${modules}";`,
    `import { ${Object.values(CLASSES).join(", ")} } from "${modules}/stacks";`,
    `const backend = { type: "none" } as const;`,
    `let [own, foreign] = [0, 0];`,
    `for (const [outdir, isHcl] of [["cdktf.out", "false"], ["hcl.out", "true"]] as const) {`,
    // the library decides by the environment in which syntax it writes
    `  process.env.SYNTH_HCL_OUTPUT = isHcl;`,
    `  const app = new App({ outdir });`,
    ...Object.entries(CLASSES).map(([name, type]) => `  new ${type}(app, "${name}", { backend });`),
    `  new HelloNameStack(app, "${UNWISE_STACK}", { backend, tags: { stack: "x" } });`,
    `  checkFindings(app);`,
    `  app.synth();`,
    `  for (const construct of app.node.findAll())`,
    `    if (construct instanceof TerraformElement) own++;`,
    `    else if (TerraformElement.isTerraformElement(construct)) foreign++;`,
    `}`,
    `process.stdout.write(JSON.stringify({ own, foreign }));`,
  ].join("\n");
}

/** Names every entry point, and a type of each. */
export function allEntryPoints({ modules }: PackageNames): string {
  return [
    `import { StockDataService, type EcsServiceProps } from "${modules}";`,
    `import { DnsNamespace, type DnsNamespaceProps } from "${modules}/core";`,
    `import { EcsService, type IDiscovery } from "${modules}/services";`,
    `import { BaseStack, type BackendConfig } from "${modules}/stacks";`,
    `import { SynthesizedStack, type Plan } from "${modules}/testing";`,
    `export const props: DnsNamespaceProps = { namespaceName: "a.internal", vpcId: "vpc-1" };`,
    `// @ts-expect-error the types are there, and not any`,
    `export const wrong: DnsNamespaceProps = { namespaceName: 1 };`,
    `export type All = EcsServiceProps | IDiscovery | BackendConfig | Plan;`,
    `export const all = [StockDataService, DnsNamespace, EcsService, BaseStack, SynthesizedStack];`,
  ].join("\n");
}

/** Compiler options for the ways in which an app may have types found, each with the files that it compiles. */
export const RESOLUTIONS: Readonly<Record<string, readonly string[]>> = {
  node16: ["--module", "node16", "consumer.ts", "consumer.mts"],
  bundler: ["--module", "esnext", "consumer.ts"],
};
