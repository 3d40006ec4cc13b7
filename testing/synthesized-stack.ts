import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { checkFindings } from "../modules/core/framework/findings";
import { warningsOf } from "../modules/core/framework/warnings";
import { openPorts, type OpenPorts } from "./open-ports";

/** The arguments of a resource as they stand in the synthesized JSON. */
export type Arguments = Readonly<Record<string, unknown>>;

interface Document {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly variable?: Readonly<Record<string, Arguments>>;
  readonly output?: Readonly<Record<string, Arguments>>;
}

/**
 * A stack as Terraform will see it, to make statements about in tests.
 *
 * ```ts
 * const stack = SynthesizedStack.of((app) => new TradingPlatformStack(app, "trading-platform"));
 * expect(stack.resource("aws_ecs_service.stock_service")).toMatchObject({ launch_type: "FARGATE" });
 * expect(stack.openPorts().between).toContain("signal_processing_service -> stock_service:80");
 * ```
 */
export class SynthesizedStack {
  /**
   * Makes a stack in an app of its own, validates and synthesizes it.
   * @throws Error with all findings where the stack is not valid
   */
  public static of(make: (app: App) => TerraformStack): SynthesizedStack {
    const outdir = mkdtempSync(join(tmpdir(), "synthesized-stack-"));
    const app = new App({ outdir });
    try {
      return SynthesizedStack.from(make(app));
    } catch (error) {
      checkFindings(app, error);
      throw error;
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  /** Validates and synthesizes a stack that is there already; nothing is written. */
  public static from(stack: TerraformStack): SynthesizedStack {
    checkFindings(stack);
    stack.prepareStack();
    const warnings = stack.node.findAll().flatMap((construct) => warningsOf(construct));
    return new SynthesizedStack(stack.toTerraform() as Document, warnings);
  }

  private constructor(
    private readonly document: Document,
    /** What is legal and unwise in it and not acknowledged, as `cdktf synth` prints it. */
    public readonly warnings: readonly string[],
  ) {}

  /** The JSON text that Terraform gets, for `TerraformFolder.write`. */
  public toJson(): string {
    return JSON.stringify(this.document, null, 2);
  }

  /** Addresses of all resources, sorted: `aws_ecs_service.stock_service`. Of one type where a type is given. */
  public addresses(type?: string): string[] {
    return Object.entries(this.document.resource ?? {})
      .filter(([resourceType]) => type === undefined || resourceType === type)
      .flatMap(([resourceType, byName]) => Object.keys(byName).map((name) => `${resourceType}.${name}`))
      .sort();
  }

  /**
   * The arguments of the resource at an address.
   * @throws Error that lists the known addresses where there is none
   */
  public resource(address: string): Arguments {
    const [type = "", name = ""] = address.split(".");
    return find(this.document.resource?.[type]?.[name], address, this.addresses());
  }

  /** A JSON document in an argument of a resource, parsed: `json("aws_iam_role_policy.x", "policy")`. */
  public json(address: string, argument: string): unknown {
    const value = this.resource(address)[argument];
    if (typeof value !== "string") throw new Error(`${address} has no text in ${argument}`);
    return JSON.parse(value);
  }

  /**
   * The arguments of a Terraform variable.
   * @throws Error that lists the variables where there is none of that name
   */
  public variable(name: string): Arguments {
    return find(this.document.variable?.[name], `var.${name}`, Object.keys(this.document.variable ?? {}));
  }

  /** The value of an output. @throws Error that lists the outputs where there is none of that name */
  public output(name: string): unknown {
    return find(this.document.output?.[name], `output.${name}`, Object.keys(this.document.output ?? {}))
      .value;
  }

  /** Names of the outputs, sorted. */
  public outputs(): string[] {
    return Object.keys(this.document.output ?? {}).sort();
  }

  /**
   * Everything that the security groups let through, one line each: `signal_processing_service -> stock_service:80`
   * where both sides agree, and what is open on one side only, which is a mistake or leads out of the stack.
   */
  public openPorts(): OpenPorts {
    return openPorts(this.document.resource ?? {});
  }
}

function find(found: Arguments | undefined, wanted: string, known: readonly string[]): Arguments {
  if (found !== undefined) return found;
  throw new Error(`there is no ${wanted}; there are:\n  ${known.join("\n  ")}`);
}
