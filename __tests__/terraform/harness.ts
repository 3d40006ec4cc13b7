import { Emulator } from "../../local/emulator-process";
import { TradingPlatformStack, type TradingPlatformStackProps } from "../../stacks/trading-platform";
import { SynthesizedStack, TerraformFolder } from "../../testing";
import { KeptProvider } from "./provider/kept-provider";

/** The main stack, without a backend: the state of a test lies in its folder. */
export function tradingPlatform(props: TradingPlatformStackProps = {}): SynthesizedStack {
  return SynthesizedStack.of(
    (app) => new TradingPlatformStack(app, "trading-platform", { backend: { type: "none" }, ...props }),
  );
}

/** An emulator, a provider for it and the folders that use them; all of it is gone after `dispose`. */
export class Bench {
  public static async start(): Promise<Bench> {
    const emulator = await Emulator.start();
    return new Bench(emulator, await KeptProvider.start(emulator.environment));
  }

  private readonly folders: TerraformFolder[] = [];

  private constructor(
    public readonly emulator: Emulator,
    private readonly provider: KeptProvider,
  ) {}

  public folder(stack: SynthesizedStack): TerraformFolder {
    return this.keep(TerraformFolder.with(stack, this.environment));
  }

  public folderWith(files: Readonly<Record<string, string>>): TerraformFolder {
    return this.keep(TerraformFolder.withFiles(files, this.environment));
  }

  public async dispose(): Promise<void> {
    this.folders.forEach((folder) => folder.dispose());
    await this.provider.stop();
    await this.emulator.stop();
  }

  /** What Terraform must find in its environment to use both. */
  public get environment(): NodeJS.ProcessEnv {
    return { ...this.emulator.environment, ...this.provider.environment };
  }

  private keep(folder: TerraformFolder): TerraformFolder {
    this.folders.push(folder);
    return folder;
  }
}
