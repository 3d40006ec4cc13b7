import { rmSync } from "node:fs";

export default function removeProviders(): void {
  if (process.env.TEST_PROVIDERS) rmSync(process.env.TEST_PROVIDERS, { recursive: true, force: true });
}
