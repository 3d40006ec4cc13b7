/** Something that whoever called can mend. */
export class AdoptError extends Error {
  public override readonly name = "AdoptError";

  public constructor(wrong: string, hints: { readonly allowed?: string; readonly mend: string }) {
    const allowed = hints.allowed === undefined ? "" : `\n    allowed: ${hints.allowed}`;
    super(`${wrong}${allowed}\n    mend:    ${hints.mend}`);
  }
}
