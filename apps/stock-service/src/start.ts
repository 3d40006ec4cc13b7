import { ConfigurationError, readConfiguration, type Configuration } from "./configuration.js";

/**
 * Runs a program with the configuration in the environment. What keeps it from starting is said on standard error, and
 * the exit code is 1.
 */
export async function start(program: (configuration: Configuration) => Promise<void>): Promise<void> {
  try {
    await program(readConfiguration(process.env));
  } catch (error) {
    process.stderr.write(`stock-service cannot start: ${reason(error)}\n`);
    process.exitCode = 1;
  }
}

function reason(error: unknown): string {
  if (error instanceof ConfigurationError) {
    const wrong =
      error.findings.length === 1 ? "a wrong variable" : `${error.findings.length} wrong variables`;
    return [wrong, ...error.findings].join("\n  ");
  }
  if (!(error instanceof Error)) return String(error);
  if (error.message.includes("directory does not exist")) {
    return `${error.message}: DATABASE_PATH must lie in a directory that exists (is the file system mounted?)`;
  }
  return error.message;
}
