import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { BlockList, createServer, isIP, isIPv6, type Server as TcpServer } from "node:net";

/** The two sockets of a DNS server, on one port number. */
export interface Listeners {
  readonly udp: UdpSocket;
  readonly tcp: TcpServer;
  readonly port: number;
}

/** How often another free port is tried: the other protocol may have the one that was chosen. */
const ATTEMPTS = 20;
/** What the kernel keeps of questions that come while an answer is made; it gives less where it may not give that. */
const RECEIVE_BYTES = 1 << 20;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/**
 * Listens with both protocols.
 *
 * @throws Error where the address is not of this machine alone, or the port cannot be had
 */
export async function listen(address: string, port: number): Promise<Listeners> {
  checkLoopback(address);
  checkPort(port);
  for (let attempt = 1; ; attempt++) {
    try {
      return await listenOnce(address, port);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (code === "EADDRINUSE" && port === 0 && attempt < ATTEMPTS) continue;
      throw new Error(
        `the DNS server cannot listen on ${address}, port ${port}: ${(error as Error).message}. ${advice(code)}`,
        { cause: error },
      );
    }
  }
}

async function listenOnce(address: string, port: number): Promise<Listeners> {
  const udp = createSocket({ type: isIPv6(address) ? "udp6" : "udp4", recvBufferSize: RECEIVE_BYTES });
  // a client may say that it has no more queries before it has read the answers
  const tcp = createServer({ allowHalfOpen: true });
  try {
    udp.bind({ address, port, exclusive: true });
    await once(udp, "listening");
    tcp.listen({ host: address, port: udp.address().port, exclusive: true });
    await once(tcp, "listening");
    return { udp, tcp, port: udp.address().port };
  } catch (error) {
    udp.close();
    tcp.close();
    throw error;
  }
}

function checkLoopback(address: string): void {
  const family = isIP(address);
  if (family !== 0 && LOOPBACK.check(address, family === 6 ? "ipv6" : "ipv4")) return;
  throw new Error(
    `the DNS server's address is "${address}": it must be a loopback address, 127.0.0.1 to 127.255.255.254 or ::1. ` +
      `The answers are those of an emulator, for this machine alone; name a loopback address, or none for 127.0.0.1.`,
  );
}

function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new Error(`the DNS server's port is ${port}: it must be 0, for a free one, or 1 to 65535.`);
}

function advice(code: string): string {
  if (code === "EADDRINUSE") return "Another process listens there: end it, or use port 0 for a free one.";
  if (code === "EACCES")
    return "Ports below 1024 need root or CAP_NET_BIND_SERVICE: use port 0 for a free one.";
  if (code === "EADDRNOTAVAIL")
    return "This machine has no such address: add it to the loopback interface, or use 127.0.0.1.";
  return "Use port 0 for a free one.";
}
