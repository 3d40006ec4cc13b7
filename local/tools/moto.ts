import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MissingTool } from "./missing-tool";
import { runProgram } from "./program";
import { OFFLINE, type ToolsContext } from "./tools-context";

const REQUIREMENTS = join(__dirname, "..", "emulator", "requirements.txt");
/** The oldest Python that moto supports. */
const OLDEST = [3, 10] as const;
const PYTHONS = ["python3", ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)];
/** Prints Python's version and, if the emulator can run, moto's version. */
const ASK = `
import sys
print("%d.%d.%d" % sys.version_info[:3], sys.executable)
try:
    import flask, flask_cors
    from importlib.metadata import version
    print(version("moto"))
except ImportError:
    pass
`;

interface Python {
  readonly program: string;
  /** Version and path: another one needs another virtual environment. */
  readonly identity: string;
  /** Undefined if the emulator's packages are not installed. */
  readonly moto?: string;
}

/**
 * Finds a Python with the emulator's packages: the one that PYTHON names, whatever its version of moto, or the first of the PATH
 * with the right version. Otherwise makes a virtual environment for them.
 *
 * @returns name or path of the program
 * @throws MissingTool
 */
export async function findMoto(context: ToolsContext): Promise<string> {
  const requirements = readFileSync(REQUIREMENTS, "utf8");
  const version = /^moto==(\S+)/m.exec(requirements)?.[1];
  const python = await findPython(context);
  const isChosen = context.env.PYTHON !== undefined;
  if (python.moto !== undefined && (isChosen || python.moto === version)) return python.program;
  return makeEnvironment(context, python, requirements, `moto ${version}`);
}

async function findPython(context: ToolsContext): Promise<Python> {
  const { PYTHON } = context.env;
  const found: string[] = [];
  for (const program of PYTHON === undefined ? PYTHONS : [PYTHON]) {
    const { exitCode, stdout } = await runProgram(program, ["-c", ASK], context);
    if (exitCode !== 0) continue;
    const [identity = "", moto] = stdout.trim().split("\n");
    const [major = 0, minor = 0] = identity.split(".").map(Number);
    if (major === OLDEST[0] && minor >= OLDEST[1]) return { program, identity, moto };
    found.push(`${program} is version ${identity}`);
  }
  const wrong = found.length > 0 ? found.join(", ") : `${PYTHON ?? PYTHONS[0]} is not on the PATH`;
  throw new MissingTool(
    `the emulator needs Python 3.10 or newer: ${wrong}`,
    "install Python (https://www.python.org/downloads/), or set PYTHON to the path of one",
  );
}

async function makeEnvironment(
  context: ToolsContext,
  python: Python,
  requirements: string,
  what: string,
): Promise<string> {
  const { folder, offline, report } = context;
  const hash = createHash("sha256").update(`${python.identity}\n${requirements}`).digest("hex").slice(0, 12);
  const name = `python-${hash}`;
  const count = requirements.match(/^[a-z][^=\s]*==/gm)?.length;
  try {
    const place = await folder.keep(name, async (partial) => {
      if (offline) throw new Error(OFFLINE);
      report.line(
        `${what}, the emulator of AWS, is not installed. Fetching it and what it needs (${count} packages, about 30 MB) with pip into ${folder.place(name)}`,
      );
      const pip = [
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--only-binary=:all:",
        "--no-input",
        "--quiet",
      ];
      await succeed(context, python.program, ["-m", "venv", partial]);
      await succeed(context, join(partial, "bin", "python"), [...pip, "--requirement", REQUIREMENTS]);
    });
    return join(place, "bin", "python");
  } catch (error) {
    context.signal?.throwIfAborted();
    throw new MissingTool(
      `${what}, the emulator of AWS, is not installed, and it was not fetched: ${(error as Error).message}`,
      `let pip reach its package index, or set PYTHON to a Python that has it: python3 -m pip install --requirement local/emulator/requirements.txt`,
    );
  }
}

async function succeed(context: ToolsContext, program: string, args: readonly string[]): Promise<void> {
  // what a user's own settings of pip may say: packages of a user cannot be put into a virtual environment
  const env = { ...context.env, PIP_USER: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1", PYTHONPATH: undefined };
  const { exitCode, stdout, stderr } = await runProgram(program, args, { ...context, env });
  if (exitCode !== 0) throw new Error(`${args.slice(0, 3).join(" ")} failed:\n${(stderr || stdout).trim()}`);
}
