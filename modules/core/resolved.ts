import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * The text that a reference will have in the synthesized configuration. Every reading of an attribute makes a
 * placeholder of its own; their resolved texts can be compared.
 */
export function resolved(scope: IConstruct, text: string): string {
  const options = { scope, resolver: new DefaultTokenResolver(new StringConcat()), preparing: false };
  return String(Tokenization.resolve(text, options));
}
