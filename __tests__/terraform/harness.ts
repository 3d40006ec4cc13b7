import { Emulator } from "../../local/emulator-process";
import { TradingPlatformStack, type TradingPlatformStackProps } from "../../stacks/trading-platform";
import { SynthesizedStack, TerraformFolder } from "../../testing";

export const describeWithTerraform = describe;

/** The main stack, without a backend: the state of a test lies in its folder. */
export function tradingPlatform(props: TradingPlatformStackProps = {}): SynthesizedStack {
  return SynthesizedStack.of(
    (app) => new TradingPlatformStack(app, "trading-platform", { backend: { type: "none" }, ...props }),
  );
}

/** An emulator and the folders that use it; all of it is gone after `dispose`. */
export class Bench {
  public static async start(): Promise<Bench> {
    return new Bench(await Emulator.start());
  }

  private readonly folders: TerraformFolder[] = [];

  private constructor(public readonly emulator: Emulator) {}

  public folder(stack: SynthesizedStack): TerraformFolder {
    return this.keep(TerraformFolder.with(stack, this.emulator.environment));
  }

  public folderWith(files: Readonly<Record<string, string>>): TerraformFolder {
    return this.keep(TerraformFolder.withFiles(files, this.emulator.environment));
  }

  public async dispose(): Promise<void> {
    this.folders.forEach((folder) => folder.dispose());
    await this.emulator.stop();
  }

  private keep(folder: TerraformFolder): TerraformFolder {
    this.folders.push(folder);
    return folder;
  }
}
