import type { ServiceDefinition } from "@grpc/grpc-js";

const same = (value: Buffer): Buffer => value;

/** One unary method, whose messages are bytes. */
export const ECHO = {
  echo: {
    path: "/test.Echo/Echo",
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  },
} satisfies ServiceDefinition;

/** A service config: UNAVAILABLE may be sent again: the calls are idempotent. */
export const RETRIED = JSON.stringify({
  methodConfig: [
    {
      name: [{ service: "test.Echo" }],
      timeout: "20s",
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: "0.01s",
        maxBackoff: "0.1s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
});
