import {
  TerraformDataSource,
  TerraformElement,
  TerraformLocal,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
} from "cdktf";
import type { IConstruct } from "constructs";
import { general } from "../../rules/general";
import { describe } from "./check";
import { Module } from "./module";

/**
 * The name part of an element's Terraform address, in snake case and without a hash: `stock_service` in
 * `aws_ecs_service.stock_service`.
 *
 * It is made of the construct ids from the outermost module down to the element. An id that the resource type says
 * already is left out, as Terraform's style guide asks (`log_group` in `aws_cloudwatch_log_group`), unless nothing
 * would be left. A stack uses it by overriding one method:
 *
 * ```ts
 * protected allocateLogicalId(element: TerraformElement) { return terraformAddress(element); }
 * ```
 * @see https://developer.hashicorp.com/terraform/language/style#resource-naming
 */
export function terraformAddress(element: TerraformElement | IConstruct): string {
  const scopes = element.node.scopes;
  const belowStack = scopes.slice(scopes.findIndex((scope) => TerraformStack.isStack(scope)) + 1);
  const outermostModule = belowStack.findIndex((scope) => Module.isModule(scope));
  const segments = belowStack.slice(Math.max(outermostModule, 0)).map((scope) => snakeCase(scope.node.id));
  const type = `_${terraformType(element)}_`;
  const telling = segments.filter((segment) => !type.includes(`_${segment}_`));
  const name = (telling.length > 0 ? telling : segments.slice(0, 1)).join("_");
  return /^[a-z_]/.test(name) ? name : `_${name}`;
}

/** The Terraform address of a resource in its stack: `aws_ecs_service.stock_service`. */
export function addressOf(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}

/** Lower case words joined by underscores: `StockService` and `stock-service` both give `stock_service`. */
export function snakeCase(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

/** `StockService` for `stock_service`: the form of a policy's sids, where no other character is allowed. */
export function pascalCase(snakeCased: string): string {
  return snakeCased
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** One message for each Terraform address that two elements of the stack share, naming both constructs. */
export function addressCollisions(stack: TerraformStack): string[] {
  const owners = new Map<string, IConstruct>();
  const messages: string[] = [];
  for (const element of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(element) || !isAddressed(element)) continue;
    const address = `${kind(element)}.${element.friendlyUniqueId}`;
    const owner = owners.get(address);
    if (owner === undefined) {
      owners.set(address, element);
      continue;
    }
    const allowed = `${general.address.allowed}; ${owner.node.path} has this one`;
    const given = { scope: element, property: "Terraform address", value: address };
    messages.push(describe(given, { ...general.address, allowed }));
  }
  return messages;
}

/** Not by `instanceof`: under the aliases of CDK Terrain the provider's resources are made by a second copy of it. */
function terraformType(element: IConstruct): string {
  return TerraformResource.isTerraformResource(element) || TerraformDataSource.isTerraformDataSource(element)
    ? element.terraformResourceType
    : "";
}

function isAddressed(element: TerraformElement): boolean {
  return terraformType(element) !== "" || languageKind(element) !== undefined;
}

function kind(element: TerraformElement): string {
  const type = terraformType(element);
  return TerraformDataSource.isTerraformDataSource(element)
    ? `data.${type}`
    : (languageKind(element) ?? type);
}

function languageKind(element: TerraformElement): string | undefined {
  if (element instanceof TerraformVariable) return "var";
  if (TerraformOutput.isTerraformOutput(element)) return "output";
  return element instanceof TerraformLocal ? "local" : undefined;
}
