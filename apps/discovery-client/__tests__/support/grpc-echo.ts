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
