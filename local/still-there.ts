import { connect } from "node:net";

/** How long a listener may take to accept, in milliseconds. */
const TIMEOUT_MS = 1000;

/** Whether a process runs, of whatever user. */
export function isAlive(pid: number): boolean {
  try {
    // 0 and less are groups
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether somebody listens at an address; one that neither accepts nor refuses counts. */
export function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(true));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
