/** A tool that this machine does not have and that could not be fetched. */
export class MissingTool extends Error {
  public override readonly name = "MissingTool";

  /**
   * @param wrong what is missing, or why it could not be fetched
   * @param fix what to do about it
   */
  public constructor(
    public readonly wrong: string,
    public readonly fix: string,
  ) {
    super(`${wrong}\n    fix: ${fix.replaceAll("\n", "\n         ")}`);
  }
}

/** All tools that are missing, in one error. */
export class MissingTools extends Error {
  public override readonly name = "MissingTools";

  public constructor(public readonly missing: readonly MissingTool[]) {
    const list = missing.map(({ message }) => `  - ${message.replaceAll("\n", "\n  ")}`);
    super(["Tools are missing. Nothing was deployed.", ...list].join("\n"));
  }
}
