import { DefaultTokenResolver, StringConcat, TerraformStack, Token, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * The text that a reference will have in the synthesized configuration. Every reading of an attribute makes a
 * placeholder of its own; their resolved texts can be compared.
 */
export function resolved(scope: IConstruct, text: string): string {
  const options = { scope, resolver: new DefaultTokenResolver(new StringConcat()), preparing: false };
  return String(Tokenization.resolve(text, options));
}

/**
 * What an id can be recognised by in the whole app: the id itself, or, where only Terraform knows it, the reference and
 * the stack that it stands in, since the same reference means something else in another stack.
 */
export function identityOf(scope: IConstruct, id: string): string {
  return Token.isUnresolved(id) ? `${TerraformStack.of(scope).node.path} ${resolved(scope, id)}` : id;
}
