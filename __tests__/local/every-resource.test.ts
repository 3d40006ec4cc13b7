import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");
const EVERY_RESOURCE = join(PROJECT, "local", "emulator", "every-resource", "main.tf");

/** What the modules import of the provider, as Terraform's types of resources. */
function resourceTypes(): string[] {
  const text = readdirSync(join(PROJECT, "modules"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(PROJECT, "modules", file), "utf8"))
    .join("\n");
  const bindings = [...text.matchAll(/"@cdktf\/provider-aws\/lib\/([a-z0-9-]+)/g)];
  return bindings
    .map(([, name = ""]) => name)
    .filter((name) => !name.startsWith("data-aws-"))
    .map((name) => `aws_${name.replaceAll("-", "_")}`);
}

test("the stack by which the emulator is tried has every type of resource that the modules have", () => {
  const types = resourceTypes();
  const present = [...readFileSync(EVERY_RESOURCE, "utf8").matchAll(/^resource "(\w+)"/gm)];
  expect(types).toContain("aws_ecs_service");
  expect(present.map(([, type]) => type)).toEqual(expect.arrayContaining(types));
});
