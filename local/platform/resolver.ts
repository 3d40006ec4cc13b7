import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceDiscovery } from "@aws-sdk/client-servicediscovery";
import { DnsServer, type DnsQuery } from "../dns/server";
import type { Machine } from "../tasks";

/** Below the addresses of tasks. Others than 127.0.0.1, whose port 53 often is the machine's own resolver's. */
const ADDRESSES = Array.from({ length: 8 }, (_, index) => `127.64.0.${index + 2}`);
const DNS_PORT = 53;

/** Where the names of Cloud Map are answered, and how tasks come to ask there. */
export interface Resolver {
  readonly server: DnsServer;
  /** The file that tasks see as `/etc/resolv.conf`, as they see the VPC's resolver there on AWS. */
  readonly resolvConf: string | undefined;
  /** `address:port` for programs that must be told, where there is no such file. */
  readonly tellTasks: string | undefined;
}

/**
 * Starts a DNS server. On port 53 where tasks can have an `/etc/resolv.conf` of their own, which has no place for a
 * port; otherwise on a free one of 127.0.0.1.
 */
export async function startResolver(
  cloudMap: ServiceDiscovery,
  machine: Machine,
  scratch: string,
  onQuery: (query: DnsQuery) => void,
): Promise<Resolver> {
  if (machine.mounts === "namespace") {
    for (const address of ADDRESSES) {
      const server = await DnsServer.start({ cloudMap, address, port: DNS_PORT, onQuery }).catch(
        () => undefined,
      );
      if (!server) continue;
      const resolvConf = join(scratch, "resolv.conf");
      writeFileSync(resolvConf, `nameserver ${address}\n`);
      return { server, resolvConf, tellTasks: undefined };
    }
  }
  const server = await DnsServer.start({ cloudMap, onQuery });
  return { server, resolvConf: undefined, tellTasks: `${server.address}:${server.port}` };
}
