import { Emulator } from "./emulator-process";
import { createNetwork } from "./network";

const DEFAULT_PORT = 5055;

/** Runs the emulator in the foreground until it is interrupted. */
async function main(): Promise<void> {
  const port = Number(process.env.PORT ?? DEFAULT_PORT);
  const emulator = await Emulator.start({ port, verbose: process.argv.includes("--verbose") });
  const { vpcId, subnetIds } = await createNetwork(emulator);
  process.stdout.write(
    [
      `Emulated AWS listens on ${emulator.endpoint}. Ctrl-C ends it and everything in it.`,
      "",
      "In another terminal:",
      "",
      ...Object.entries(emulator.environment).map(([name, value]) =>
        value === undefined ? `  unset ${name}` : `  export ${name}=${value}`,
      ),
      `  export TF_VAR_vpc_id=${vpcId}`,
      `  export TF_VAR_subnets='${JSON.stringify(subnetIds)}'`,
      "",
      "  npx cdktf deploy --skip-provider-lock",
      "",
    ].join("\n"),
  );
  const stop = (): void => void emulator.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  await emulator.ended;
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
