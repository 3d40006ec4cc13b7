import { EMULATED_REGION, type Emulator } from "./emulator-process";

// the SDK warns on standard error about versions of Node that it will drop one day
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** What a client of the AWS SDK must be made with to talk to the emulator and to nothing else. */
export function clientConfig(emulator: Emulator): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  return {
    endpoint: emulator.endpoint,
    region: EMULATED_REGION,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
}
