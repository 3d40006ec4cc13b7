// Runs as a process in a network namespace of its own; see grpc.test.ts. Prints what it saw as JSON.
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { Client, credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { registerDiscovery } from "../../src/grpc/index.js";
import { ECHO, RETRIED } from "./grpc-echo.js";
import { addAddresses, NETWORK, vanish } from "./namespace.js";
import { failures, meanwhile, NAME } from "./stage.js";
import { ScriptedDns } from "./scripted-dns.js";

const ADDRESSES = [`${NETWORK}.11`, `${NETWORK}.12`, `${NETWORK}.13`] as const;
const PORT = 50_051;

async function main(): Promise<void> {
  addAddresses(...ADDRESSES);
  const dns = await ScriptedDns.start();
  dns.a(NAME, ADDRESSES);
  const served = new Map<string, number>();
  const servers = ADDRESSES.map((address) => {
    const server = new Server();
    server.addService(ECHO, {
      echo: (_call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
        served.set(address, (served.get(address) ?? 0) + 1);
        answer(null, Buffer.from(address));
      },
    });
    return { server, address };
  });
  for (const { server, address } of servers) {
    await promisify(server.bindAsync.bind(server))(`${address}:${PORT}`, ServerCredentials.createInsecure());
  }
  const client = new Client(`discovery:///${NAME}:${PORT}`, credentials.createInsecure(), {
    ...registerDiscovery({ dns: { servers: [dns.server] } }),
    "grpc.service_config": RETRIED,
    "grpc.keepalive_time_ms": 500,
    // servers and callers share this process: on a busy machine an answer may take a second
    "grpc.keepalive_timeout_ms": 2000,
  });
  const over = new AbortController();
  const running = meanwhile(
    8,
    () => over.signal.aborted,
    async () => {
      await new Promise<void>((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = ECHO.echo;
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          Buffer.from("hello"),
          (error) => {
            if (error === null) resolve();
            else reject(error);
          },
        );
      });
      await delay(10);
    },
  );
  await delay(1500);
  const before = [...served.values()];
  vanish(ADDRESSES[1]);
  await delay(5000);
  const late = served.get(ADDRESSES[0]) ?? 0;
  await delay(1000);
  over.abort();
  const results = await running;
  const goesOn = (served.get(ADDRESSES[0]) ?? 0) - late;
  console.log(JSON.stringify({ calls: results.length, failed: failures(results), before, goesOn }));
}

// grpc-js ends no connection that it is just making, and nobody answers that one
void main().finally(() => process.exit());
