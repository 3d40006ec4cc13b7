import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface Locked {
  readonly name?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const ROOT = join(__dirname, "..");
const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  packages: Readonly<Record<string, Locked>>;
};

/** Packages of JavaScript alone that run a script when they are installed, and what the script does. */
const OF_JAVASCRIPT: Readonly<Record<string, string>> = {
  "node_modules/protobufjs": "warns if the package that asks for it has another versioning scheme",
};

/** Packages with binaries that run a script when they are installed, and what it does. None compiles unless it is told to. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "node_modules/@parcel/watcher": "does nothing unless npm_config_build_from_source is true",
  "node_modules/@swc/core": "looks whether the binary loads; only without one it fetches @swc/wasm",
  "node_modules/esbuild": "puts the binary in the place of its JavaScript launcher",
  "node_modules/unrs-resolver":
    "looks whether the package with the binary is there; only without it that is fetched",
};

/** The package of a terminal that cdktf-cli starts Terraform in. */
const TERMINAL = "@cdktf/node-pty-prebuilt-multiarch";

describe("npm ci needs no compiler:", () => {
  test("no package runs a script at installation but those whose script is known", () => {
    const found = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path);
    expect(found.sort()).toEqual(Object.keys({ ...OF_JAVASCRIPT, ...SCRIPTS }).sort());
  });

  test.each([...Object.keys(SCRIPTS), "node_modules/libsql", `node_modules/${TERMINAL}`])(
    "%s has binaries for Linux and macOS in the lock file",
    (path) => {
      const binaries = Object.keys(packages[path]?.optionalDependencies ?? {}).filter(
        (name) => packages[`node_modules/${name}`] !== undefined,
      );
      for (const platform of [/linux-x64/, /linux-arm64/, /darwin-x64/, /darwin-arm64/])
        expect(binaries).toContainEqual(expect.stringMatching(platform));
    },
  );

  test("cdktf-cli and its core are given one terminal, with N-API binaries for every Node.js", () => {
    const copies = Object.keys(packages).filter((path) => path.endsWith(`node_modules/${TERMINAL}`));
    expect(copies).toEqual([`node_modules/${TERMINAL}`]);
    expect(packages[copies[0] ?? ""]?.name).toBe("@lydell/node-pty");
    const fromCli = createRequire(require.resolve("cdktf-cli/package.json")).resolve(TERMINAL);
    const fromCore = createRequire(require.resolve("@cdktf/cli-core/package.json")).resolve(TERMINAL);
    expect(fromCli).toBe(fromCore);
  });

  test("that terminal runs a program and gives back its output and exit code", async () => {
    interface Terminal {
      readonly onData: (listener: (text: string) => void) => void;
      readonly onExit: (listener: (end: { exitCode: number }) => void) => void;
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- as cdktf-cli does
    const { spawn } = require(TERMINAL) as {
      readonly spawn: (file: string, args: string[], options: object) => Terminal;
    };
    const terminal = spawn(
      process.execPath,
      ["--eval", "process.stdout.write(String(process.stdout.isTTY)); process.exitCode = 3"],
      {
        cwd: ROOT,
        env: process.env,
      },
    );
    let output = "";
    terminal.onData((text) => (output += text));
    const { exitCode } = await new Promise<{ exitCode: number }>((resolve) => {
      terminal.onExit(resolve);
    });
    expect([output.trim(), exitCode]).toEqual(["true", 3]);
  });
});
