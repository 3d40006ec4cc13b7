import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTools, MissingTools, type ToolsOptions } from "../../../local/tools";
import { ReleaseServer } from "./release-server";

const VERSION = "5.100.0";
const PLATFORM = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
const PACKAGE = join("registry.terraform.io", "hashicorp", "aws", VERSION, PLATFORM);

/** A `terraform` that answers `version`, and installs the provider as the registry or a mirror would. */
const terraform = (version: string, registry: "answers" | "cannot be reached"): string => `#!/bin/sh
if [ "$1" = version ]; then echo "Terraform v${version}"; exit 0; fi
mirror=$(sed -n 's/ *path *= "\\(.*\\)"/\\1/p' "$TF_CLI_CONFIG_FILE" 2>/dev/null)
if [ -n "$mirror" ] && [ -d "$mirror/${PACKAGE}" ] || [ "${registry}" = answers ]; then
  mkdir -p .terraform/providers/${PACKAGE}
  echo "$mirror" > .terraform/providers/${PACKAGE}/provider
  exit 0
fi
printf 'Error: Failed to query available provider packages\\n\\nCould not connect\\n\\n\\n' >&2
exit 1
`;

/** A `python3` that says which version it is, and whether it has moto. */
const python = (version: string, moto = ""): string => `#!/bin/sh
echo "${version} $0"
[ -z "${moto}" ] || echo "${moto}"
`;

class TestMachine {
  public readonly folder = mkdtempSync(join(tmpdir(), "tools-"));
  public readonly tools = join(this.folder, ".tools");
  public readonly lines: string[] = [];
  private readonly bin = join(this.folder, "bin");

  public constructor() {
    for (const program of ["sh", "sed", "mkdir"]) this.link(program);
  }

  public install(name: string, script: string): void {
    mkdirSync(this.bin, { recursive: true });
    writeFileSync(join(this.bin, name), script);
    chmodSync(join(this.bin, name), 0o755);
  }

  public mirror(...path: string[]): string {
    const folder = join(this.folder, ...path);
    mkdirSync(join(folder, PACKAGE), { recursive: true });
    return folder;
  }

  public find(options: ToolsOptions = {}, env: NodeJS.ProcessEnv = {}): Promise<Record<string, string>> {
    const report = { line: (text: string) => void this.lines.push(text), progress: () => undefined };
    const home = join(this.folder, "home");
    return findTools({
      folder: this.tools,
      report,
      home,
      searched: [join(this.folder, "opt")],
      ...options,
      env: { PATH: this.bin, TF_CLI_CONFIG_FILE: join(home, "none"), ...env },
    });
  }

  /** Messages of what is missing. */
  public async missing(options?: ToolsOptions, env?: NodeJS.ProcessEnv): Promise<string[]> {
    try {
      await this.find(options, env);
    } catch (error) {
      if (error instanceof MissingTools) return error.missing.map(({ message }) => message);
      throw error;
    }
    return [];
  }

  public get kept(): string[] {
    return existsSync(this.tools) ? readdirSync(this.tools).sort() : [];
  }

  private link(program: string): void {
    mkdirSync(this.bin, { recursive: true });
    symlinkSync(execFileSync("which", [program], { encoding: "utf8" }).trim(), join(this.bin, program));
  }
}

let machine: TestMachine;
let server: ReleaseServer | undefined;
beforeEach(() => {
  machine = new TestMachine();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(machine.folder, { recursive: true, force: true });
});

describe("a machine with all tools", () => {
  beforeEach(() => {
    machine.install("python3", python("3.11.7", "5.2.1"));
    machine.install("terraform", terraform("1.11.4", "answers"));
  });

  test("uses them, and keeps the provider for every later `terraform init`", async () => {
    const found = await machine.find();
    expect(found).toEqual({
      PATH: join(machine.folder, "bin"),
      PYTHON: "python3",
      TF_CLI_CONFIG_FILE: join(machine.tools, "terraform.rc"),
    });
    const place = join(machine.tools, `provider-aws-${VERSION}`);
    expect(existsSync(join(place, PACKAGE))).toBe(true);
    expect(readFileSync(join(machine.tools, "terraform.rc"), "utf8")).toContain(`path    = "${place}"`);
    expect(machine.lines).toEqual([
      expect.stringMatching(/^Fetching the AWS provider 5\.100\.0 .* from registry/),
    ]);
  });

  test("fetches nothing a second time", async () => {
    await machine.find();
    machine.lines.length = 0;
    await machine.find({ offline: true });
    expect(machine.lines).toEqual([]);
  });

  test("fetches the provider again if the mirror that it was linked to is gone", async () => {
    await machine.find();
    rmSync(join(machine.tools, `provider-aws-${VERSION}`, PACKAGE), { recursive: true });
    await machine.find();
    expect(machine.lines).toHaveLength(2);
  });
});

describe("the AWS provider", () => {
  beforeEach(() => {
    machine.install("python3", python("3.11.7", "5.2.1"));
    machine.install("terraform", terraform("1.11.4", "cannot be reached"));
  });
  const taken = async (options?: ToolsOptions, env?: NodeJS.ProcessEnv): Promise<string> => {
    await machine.find(options, env);
    const file = join(machine.tools, `provider-aws-${VERSION}`, PACKAGE, "provider");
    return readFileSync(file, "utf8").trim();
  };

  test("is taken from the plugin cache if the registry cannot be reached", async () => {
    const cache = machine.mirror("cache");
    expect(await taken({}, { TF_PLUGIN_CACHE_DIR: cache })).toBe(cache);
  });

  const implied =
    process.platform === "darwin"
      ? "Library/Application Support/io.terraform/plugins"
      : ".local/share/terraform/plugins";
  test.each([[".terraform.d/plugins"], [implied]])("is taken from the implied mirror ~/%s", async (path) => {
    const mirror = machine.mirror("home", path);
    expect(await taken()).toBe(mirror);
  });

  test("is found in a shared folder", async () => {
    const mirror = machine.mirror("opt", "terraform", "plugins");
    expect(await taken()).toBe(mirror);
    expect(machine.lines.at(-1)).toBe(`Taking the AWS provider ${VERSION} from ${mirror}`);
  });

  test("is not looked for in folders that hold no mirror, nor further down than five", async () => {
    machine.mirror("opt", "node_modules", "x");
    machine.mirror("opt", "1", "2", "3", "4", "5", "6");
    expect(await machine.missing()).toEqual([
      expect.stringMatching(/^the AWS provider 5\.100\.0 cannot be installed:\n\s+Failed to query available/),
    ]);
  });

  test("is taken from a mirror offline, without asking the registry", async () => {
    machine.install("terraform", terraform("1.11.4", "answers"));
    const mirror = machine.mirror("opt", "terraform");
    expect(await taken({ offline: true })).toBe(mirror);
    expect(machine.lines).toEqual([`Taking the AWS provider ${VERSION} from ${mirror}`]);
  });

  test("leaves nothing behind if it cannot be installed", async () => {
    await machine.missing();
    expect(machine.kept).toEqual([]);
  });
});

describe("Terraform", () => {
  let archive: Buffer;
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), "archive-"));
    try {
      writeFileSync(join(folder, "terraform"), terraform("1.11.4", "answers"));
      const zip = join(folder, "terraform.zip");
      execFileSync(process.env.PYTHON ?? "python3", ["-m", "zipfile", "-c", zip, join(folder, "terraform")]);
      archive = readFileSync(zip);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  beforeEach(() => machine.install("python3", python("3.11.7", "5.2.1")));

  const release = async (sha256 = createHash("sha256").update(archive).digest("hex")) => {
    server = await ReleaseServer.start((_, response) => response.end(archive));
    return { url: `${server.url}/terraform.zip`, sha256 };
  };

  test("is fetched if the PATH has none, and put before the PATH", async () => {
    const { url, sha256 } = await release();
    const found = await machine.find({ release: { url, sha256 } });
    const place = join(machine.tools, "terraform-1.11.4");
    expect(found.PATH).toBe(`${place}:${join(machine.folder, "bin")}`);
    expect(readdirSync(place)).toEqual(["terraform"]);
    expect(machine.lines[0]).toBe(
      `Terraform is not on the PATH, or cannot be run. Fetching ${url} into ${place}`,
    );
  });

  test("is fetched if the one on the PATH is too old", async () => {
    machine.install("terraform", terraform("1.4.7", "answers"));
    await machine.find({ release: await release() });
    expect(machine.lines[0]).toMatch(/^Terraform is version 1\.4\.7, which is too old\. Fetching /);
  });

  test("is not fetched instead of the program that TERRAFORM_BINARY_NAME names", async () => {
    expect(await machine.missing({ release: await release() }, { TERRAFORM_BINARY_NAME: "tofu" })).toEqual([
      expect.stringMatching(/^tofu, which TERRAFORM_BINARY_NAME names, is not on the PATH/),
      expect.stringMatching(/^the AWS provider 5\.100\.0 is missing, too/),
    ]);
    expect(server?.asked).toEqual([]);
  });

  test("is not kept if its checksum is wrong", async () => {
    const [message] = await machine.missing({ release: await release("0".repeat(64)) });
    expect(message).toMatch(
      /it was not fetched: http\S+ could not be downloaded: the file has the SHA-256 \w{64}, not 0{64}/,
    );
    expect(machine.kept).toEqual([]);
  });

  test("is fetched anew after a process that ended in the middle", async () => {
    const ended = join(machine.tools, ".partial-999999-abc");
    mkdirSync(ended, { recursive: true });
    writeFileSync(join(ended, "release.zip"), "half");
    await machine.find({ release: await release() });
    expect(machine.kept).toEqual([`provider-aws-${VERSION}`, "terraform-1.11.4", "terraform.rc"]);
  });

  test("is fetched by two processes at once, and kept once", async () => {
    const found = await release();
    await Promise.all([machine.find({ release: found }), machine.find({ release: found })]);
    expect(machine.kept).toEqual([`provider-aws-${VERSION}`, "terraform-1.11.4", "terraform.rc"]);
  });
});

describe("the emulator", () => {
  beforeEach(() => machine.install("terraform", terraform("1.11.4", "answers")));

  test("takes a newer Python of the PATH if python3 is too old", async () => {
    machine.install("python3", python("3.9.2"));
    machine.install("python3.12", python("3.12.1", "5.2.1"));
    expect((await machine.find()).PYTHON).toBe("python3.12");
  });

  test("names the Pythons that are too old", async () => {
    machine.install("python3", python("3.9.2"));
    expect(await machine.missing()).toEqual([
      expect.stringMatching(/^the emulator needs Python 3\.10 or newer: python3 is version 3\.9\.2 /),
    ]);
  });

  test("takes the moto of the Python that PYTHON names, whatever its version", async () => {
    machine.install("mine", python("3.12.1", "5.2.9"));
    expect((await machine.find({}, { PYTHON: join(machine.folder, "bin", "mine") })).PYTHON).toMatch(/mine$/);
  });

  test("is not kept if pip cannot fetch it, and says what pip says", async () => {
    const real = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
      encoding: "utf8",
    }).trim();
    // the real one, but for the question which packages it has
    machine.install("python3", `#!/bin/sh\n[ "$1" = -c ] && { echo "3.11.7 x"; exit; }\nexec ${real} "$@"\n`);
    const [message] = await machine.missing(
      {},
      { PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_RETRIES: "0", PIP_NO_CACHE_DIR: "1" },
    );
    expect(message).toMatch(
      /^moto 5\.2\.1, the emulator of AWS, is not installed, and it was not fetched: -m pip install failed:\n/,
    );
    expect(machine.kept).toEqual([`provider-aws-${VERSION}`, "terraform.rc"]);
  });
});

test("offline, everything that is missing is named and nothing is asked for", async () => {
  server = await ReleaseServer.start((_, response) => response.end());
  const release = { url: `${server.url}/terraform.zip`, sha256: "" };
  machine.install("python3", python("3.11.7"));
  expect(await machine.missing({ offline: true, release })).toEqual([
    expect.stringMatching(
      /^Terraform is not on the PATH.* not fetched: downloads are switched off by --offline\n {4}fix: /,
    ),
    expect.stringMatching(/^the AWS provider 5\.100\.0 is missing, too\n {4}fix: /),
    expect.stringMatching(
      /^moto 5\.2\.1, .* was not fetched: downloads are switched off by --offline\n {4}fix: /,
    ),
  ]);
  expect(server.asked).toEqual([]);
  expect(machine.kept).toEqual([]);
});
