// A gRPC task as a process of its own, which drains on SIGTERM. Arguments: address, port, drainMs, age of a connection in ms.
import process from "node:process";
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { drainGrpcOnSigterm } from "../../src/grpc/index.js";
import { ECHO } from "./grpc-echo.js";

const [address = "", port = "", drainMs, ageMs] = process.argv.slice(2);
const age = Number(ageMs);
const server = new Server(
  age > 0 ? { "grpc.max_connection_age_ms": age, "grpc.max_connection_age_grace_ms": 1000 } : {},
);
server.addService(ECHO, {
  echo: (_call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
    process.send?.("served");
    setTimeout(() => answer(null, Buffer.from(address)), 3);
  },
});
const { finished } = drainGrpcOnSigterm(server, { drainMs: Number(drainMs) });
void finished.then(() => process.disconnect());
server.bindAsync(`${address}:${port}`, ServerCredentials.createInsecure(), () => process.send?.("listening"));
