import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SynthesizedStack } from "./synthesized-stack";
import { Plan } from "./terraform-plan";

/** Values of Terraform variables. */
export type Variables = Readonly<Record<string, string | number | readonly string[]>>;

/** What became of a Terraform command. */
export interface CommandResult {
  /** 0 where it succeeded. */
  readonly exitCode: number;
  /** What Terraform printed, without colours. */
  readonly output: string;
  /** The part of it that went to the error stream. */
  readonly errors: string;
}

/** Thrown where a Terraform command failed that was expected to succeed; the message holds what it printed. */
export class TerraformError extends Error {
  public override readonly name = "TerraformError";
}

/**
 * A folder with a configuration that the real `terraform` runs in, or the binary that `TERRAFORM_BINARY_NAME` names: validate,
 * plan, apply, destroy. For tests of stacks against an AWS endpoint, emulated or real, that `environment` names
 * (`AWS_ENDPOINT_URL`, credentials, region).
 */
export class TerraformFolder {
  /** A temporary folder with a synthesized stack in it. `dispose` removes it. */
  public static with(stack: SynthesizedStack, environment: NodeJS.ProcessEnv = {}): TerraformFolder {
    return TerraformFolder.withFiles({ "cdk.tf.json": stack.toJson() }, environment);
  }

  /** A temporary folder with the files given, by their paths in it. `dispose` removes it. */
  public static withFiles(
    files: Readonly<Record<string, string>>,
    environment: NodeJS.ProcessEnv = {},
  ): TerraformFolder {
    const folder = new TerraformFolder(mkdtempSync(join(tmpdir(), "terraform-folder-")), environment);
    for (const [path, text] of Object.entries(files)) folder.write(path, text);
    return folder;
  }

  private initialized = false;

  public constructor(
    /** Where the folder is. */
    public readonly path: string,
    private readonly environment: NodeJS.ProcessEnv = {},
  ) {}

  /** Writes or overwrites a file. */
  public write(path: string, text: string): void {
    const target = join(this.path, path);
    mkdirSync(join(target, ".."), { recursive: true });
    writeFileSync(target, text);
  }

  /** Replaces the configuration by another version of the stack; the state stays. */
  public update(stack: SynthesizedStack): void {
    this.write("cdk.tf.json", stack.toJson());
  }

  /** Runs `terraform validate`. @throws TerraformError where the configuration is not valid */
  public async validate(): Promise<void> {
    await this.init();
    await this.succeed(["validate", "-no-color"]);
  }

  /** Runs the `*.tftest.hcl` files of the folder. @throws TerraformError where one fails */
  public async test(): Promise<string> {
    await this.init();
    return this.succeed(["test", "-no-color"]);
  }

  /** What an apply would change. @throws TerraformError where Terraform cannot plan */
  public async plan(variables: Variables = {}): Promise<Plan> {
    await this.init();
    await this.succeed(["plan", "-no-color", "-out=test.tfplan", ...flags(variables)]);
    return Plan.parse(await this.succeed(["show", "-json", "test.tfplan"], "stdout"));
  }

  /** Plans without expecting success: for configurations and values that must be refused. */
  public async tryPlan(variables: Variables = {}): Promise<CommandResult> {
    await this.init();
    return this.run(["plan", "-no-color", ...flags(variables)]);
  }

  /** Applies without asking. @throws TerraformError */
  public async apply(variables: Variables = {}): Promise<void> {
    await this.init();
    await this.succeed(["apply", "-auto-approve", "-no-color", ...flags(variables)]);
  }

  /** Destroys all that is in the state, without asking. @throws TerraformError */
  public async destroy(variables: Variables = {}): Promise<void> {
    await this.succeed(["destroy", "-auto-approve", "-no-color", ...flags(variables)]);
  }

  /** Addresses of all that Terraform has in its state, data sources left out. */
  public async resourcesInState(): Promise<string[]> {
    const listed = await this.succeed(["state", "list"], "stdout");
    return listed.split("\n").filter((address) => address !== "" && !address.startsWith("data."));
  }

  /** Values of the outputs. @throws TerraformError */
  public async outputs(): Promise<Record<string, unknown>> {
    const parsed = JSON.parse(await this.succeed(["output", "-json"], "stdout")) as Record<
      string,
      { value: unknown }
    >;
    return Object.fromEntries(Object.entries(parsed).map(([name, { value }]) => [name, value]));
  }

  /** Runs any Terraform command. */
  public run(args: readonly string[], take: "all" | "stdout" = "all"): Promise<CommandResult> {
    return runTerraform(args, this.path, this.environment, take);
  }

  /** Removes the folder. */
  public dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private async init(): Promise<void> {
    if (this.initialized) return;
    await this.succeed(["init", "-no-color"]);
    this.initialized = true;
  }

  private async succeed(args: readonly string[], take: "all" | "stdout" = "all"): Promise<string> {
    const { exitCode, output, errors } = await this.run(args, take);
    if (exitCode === 0) return output;
    // what went wrong first: of an apply all the rest is the plan
    throw new TerraformError(
      `terraform ${args.join(" ")} ended with exit code ${exitCode}\n${errors}\n${output.slice(-TAIL)}`,
    );
  }
}

/** Characters of the output that an error repeats: what happened last. */
const TAIL = 4000;

/** Runs `terraform` in a folder. Never asks for input. */
export function runTerraform(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
  take: "all" | "stdout" = "all",
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment };
    const child = spawn(env.TERRAFORM_BINARY_NAME ?? "terraform", [...args], {
      cwd,
      env: {
        ...env,
        TF_IN_AUTOMATION: "1",
        TF_INPUT: "0",
        CHECKPOINT_DISABLE: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      errors.push(chunk);
      if (take === "all") chunks.push(chunk);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 1, output: text(chunks), errors: text(errors) }));
  });
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

function flags(variables: Variables): string[] {
  return Object.entries(variables).map(
    ([name, value]) => `-var=${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}
