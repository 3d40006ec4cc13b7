import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { download, type DownloadOptions } from "../../../local/tools/download";
import { ReleaseServer, type Answer } from "./release-server";

const FILE = randomBytes(300_000);
const SHA256 = createHash("sha256").update(FILE).digest("hex");
const silent = { line: () => undefined, progress: () => undefined };

const whole: Answer = (_, response) => response.writeHead(200, { "content-length": FILE.length }).end(FILE);

let folder: string;
let server: ReleaseServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "download-"));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function fetchFrom(answer: Answer, more: Partial<DownloadOptions> = {}): Promise<Buffer> {
  server = await ReleaseServer.start(answer);
  const to = join(folder, "file");
  await download({ url: `${server.url}/file.zip`, sha256: SHA256, to, report: silent, ...more });
  return readFileSync(to);
}

test("writes the file and tells how far it is", async () => {
  const told: [number, number][] = [];
  const report = { line: () => undefined, progress: (...at: [number, number]) => void told.push(at) };
  expect((await fetchFrom(whole, { report })).equals(FILE)).toBe(true);
  expect(told.at(-1)).toEqual([FILE.length, FILE.length]);
});

test("follows a redirect", async () => {
  const redirecting: Answer = (request, response) =>
    request.url === "/file.zip"
      ? response.writeHead(302, { location: "/elsewhere.zip" }).end()
      : whole(request, response);
  expect((await fetchFrom(redirecting)).equals(FILE)).toBe(true);
});

test("accepts a file whose length the server does not say", async () => {
  expect((await fetchFrom((_, response) => response.writeHead(200).end(FILE))).equals(FILE)).toBe(true);
});

test("rejects a file with another checksum, and names both", async () => {
  const other = createHash("sha256").update("other").digest("hex");
  await expect(fetchFrom((_, response) => response.end("other"))).rejects.toThrow(
    `file.zip could not be downloaded: the file has the SHA-256 ${other}, not ${SHA256}`,
  );
});

test("rejects a connection that is cut in the middle", async () => {
  const cut: Answer = (_, response) => {
    response.writeHead(200, { "content-length": FILE.length });
    response.write(FILE.subarray(0, 100_000), () => response.destroy());
  };
  await expect(fetchFrom(cut)).rejects.toThrow(
    /file\.zip could not be downloaded: (other side closed|terminated)/,
  );
});

test.each<[string, Answer]>([
  ["does not answer", () => undefined],
  ["stops in the middle", (_, response) => void response.writeHead(200).write(FILE.subarray(0, 100_000))],
])("gives up if the server %s", async (_, answer) => {
  await expect(fetchFrom(answer, { patience: 500 })).rejects.toThrow(
    /could not be downloaded: the server sent nothing for 0.5 s/,
  );
});

test("names the status of a refusal", async () => {
  await expect(fetchFrom((_, response) => response.writeHead(404).end())).rejects.toThrow(
    "file.zip could not be downloaded: the server answered with status 404",
  );
});

test("names a host that is not there", async () => {
  const url = "http://releases.invalid/file.zip";
  await expect(download({ url, sha256: SHA256, to: join(folder, "file"), report: silent })).rejects.toThrow(
    /^http:\/\/releases\.invalid\/file\.zip could not be downloaded: getaddrinfo /,
  );
});

test("ends with the reason of the signal", async () => {
  const abort = new AbortController();
  const waiting: Answer = () => abort.abort(new Error("interrupted"));
  await expect(fetchFrom(waiting, { signal: abort.signal })).rejects.toThrow(/^interrupted$/);
});

describe("in a process of its own", () => {
  const PROGRAM = join(__dirname, "download-program.ts");

  const run = (command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<[number | null, string]> =>
    new Promise((resolve, reject) => {
      const [program = "", ...args] = command;
      const child = spawn(program, args, {
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve([code, output]));
    });
  const program = (url: string, to: string): string[] => [
    process.execPath,
    "--import",
    "tsx",
    PROGRAM,
    url,
    SHA256,
    to,
  ];

  test("goes by the proxy of the environment", async () => {
    server = await ReleaseServer.start(whole);
    const to = join(folder, "file");
    const url = "http://releases.invalid/file.zip";
    expect(
      await run(program(url, to), { HTTP_PROXY: server.url, http_proxy: undefined, NO_PROXY: "" }),
    ).toEqual([0, ""]);
    expect(existsSync(to)).toBe(true);
    expect(server.asked).toEqual(["releases.invalid:80", "/file.zip"]);
  });

  const onLinux = process.platform === "linux" ? test : test.skip;
  onLinux("says that the disk is full", async () => {
    server = await ReleaseServer.start(whole);
    const disk = join(folder, "disk");
    mkdirSync(disk);
    // a file system of 64 KiB that only this process and its children see
    const script = 'mount -t tmpfs -o size=64k none "$0" && exec "$@"';
    const [code, output] = await run([
      "unshare",
      ...["--mount", "--map-root-user", "sh", "-c", script, disk],
      ...program(`${server.url}/file.zip`, join(disk, "file")),
    ]);
    expect([code, output]).toEqual([
      1,
      `${server.url}/file.zip could not be downloaded: there is no space left on the disk\n`,
    ]);
  });
});
