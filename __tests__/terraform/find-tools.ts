import { useTools } from "../../local/tools";
import { rememberJest } from "./end-with-jest";

/**
 * Finds or fetches, once per run, what these tests need: Terraform, the AWS provider and the emulator.
 *
 * @throws MissingTools; `npm run test:unit` runs the tests that do without
 */
export default async function findTools(): Promise<void> {
  rememberJest();
  await useTools();
}
