import type { Socket } from "node:net";

/** How long a client may be silent. RFC 7766, 6.2.3 wants some seconds. */
const IDLE_MS = 10_000;
/** A client that asks without reading the answers is cut off here. */
const UNREAD_BYTES = 1 << 20;
const LENGTH_BYTES = 2;

/**
 * Serves the messages of a TCP connection, each behind its length (RFC 1035, 4.2.2). The client may send the next
 * before it has the answer to the last; an answer goes out as soon as it is there (RFC 7766, 6.2.1.1).
 *
 * @param reply gives the answer to a message, or nothing where it gets none
 */
export function serveConnection(
  socket: Socket,
  reply: (message: Buffer) => Promise<Buffer | undefined>,
): void {
  let rest = Buffer.alloc(0);
  let waiting = 0;
  let ended = false;
  const endWhenDone = (): void => {
    if (ended && waiting === 0) socket.end();
  };
  const serve = async (message: Buffer): Promise<void> => {
    waiting++;
    const answer = await reply(message);
    waiting--;
    if (socket.destroyed) return;
    if (answer) socket.write(withLength(answer));
    if (socket.writableLength > UNREAD_BYTES) socket.destroy();
    endWhenDone();
  };
  socket.setNoDelay(true);
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  // the client went away
  socket.on("error", () => socket.destroy());
  socket.on("end", () => {
    ended = true;
    endWhenDone();
  });
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let message = firstMessage(rest); message !== undefined; message = firstMessage(rest)) {
      rest = rest.subarray(LENGTH_BYTES + message.length);
      void serve(message);
    }
  });
}

/** A message as it goes over TCP. */
export function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** The first message of what has come over TCP, once all of it has. */
export function firstMessage(bytes: Buffer): Buffer | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + bytes.readUInt16BE(0);
  return bytes.length < end ? undefined : bytes.subarray(LENGTH_BYTES, end);
}
