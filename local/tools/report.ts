/** Tells a person what is being fetched. */
export interface Report {
  /** Prints a line. */
  line(text: string): void;
  /** Shows how far a download is, in bytes. `total` is NaN if it is not known. */
  progress(bytes: number, total: number): void;
}

const STEP_MS = 200;

/** Writes to a stream; the progress is shown only on a terminal. */
export function reportTo(stream: NodeJS.WriteStream = process.stderr): Report {
  let shownAt = 0;
  let isShown = false;
  return {
    line: (text) => {
      stream.write(`${isShown ? "\r\u001b[K" : ""}${text}\n`);
      isShown = false;
    },
    progress: (bytes, total) => {
      if (!stream.isTTY || Date.now() - shownAt < STEP_MS) return;
      shownAt = Date.now();
      isShown = true;
      const of = Number.isNaN(total) ? "" : ` of ${megabytes(total)}`;
      stream.write(`\r\u001b[K    ${megabytes(bytes)}${of}`);
    },
  };
}

/** For example `26 MB`. */
function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
