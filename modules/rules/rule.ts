/** What all rules have: what AWS or Terraform demands, and where it says so. */
interface Statement {
  /** Kebab case, begins with its area, never changes: errors name it and `docs/rules.md` has a row for it. */
  readonly id: string;
  /** The rule in one sentence. */
  readonly about: string;
  /** The page, API or issue that it comes from. @default - none: it is this library's own */
  readonly source?: string;
}

/** A rule that inputs are held against. */
export interface CheckedRule extends Statement {
  /**
   * When it is checked. `synth`: bad input is refused when the app is synthesized. `plan`: Terraform refuses it, since
   * the value is only known then. `warning`: it is legal and unwise, or not known for certain; it can be acknowledged.
   */
  readonly held: "synth" | "plan" | "warning";
  /** What is allowed, in words: "a whole number from 1 to 65535". */
  readonly allowed: string;
  /** What the reader should do now. */
  readonly mend: string;
}

/** A rule that no input can break, or that nothing here can check. */
export interface SettledRule extends Statement {
  /**
   * `design`: types or derivation make a breach impossible. `absent`: the modules do not offer what the rule is about.
   * `left`: not checked, for a reason.
   */
  readonly held: "design" | "absent" | "left";
  /** What makes it impossible, what there is instead, or why it is left. */
  readonly how: string;
}

export type Rule = CheckedRule | SettledRule;

/** Rules of one area by the names that code uses for them. */
export type Rules = Readonly<Record<string, Rule>>;
