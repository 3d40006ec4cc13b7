import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Dockerfile, ROOT } from "./dockerfile";

interface Package {
  readonly description: string;
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const SERVICES = ["stock-service", "signal-processing-service"];

const packageOf = (app: string): Package =>
  JSON.parse(readFileSync(join(ROOT, "apps", app, "package.json"), "utf8")) as Package;

describe.each(SERVICES)("the image of %s", (service) => {
  const dockerfile = Dockerfile.of(service);
  const named = (name: string): string[] =>
    dockerfile.stages
      .flatMap(({ instructions }) => instructions)
      .filter((instruction) => instruction.name === name)
      .map(({ text }) => text);

  test("is made of one Node.js in one version, without what it was built with", () => {
    const [base, ...others] = new Set(dockerfile.stages.map(({ from }) => from));
    expect(base).toMatch(/^node:\d+\.\d+\.\d+-\w+-slim$/);
    expect(others).toEqual([]);
    expect(dockerfile.stages.map(({ as }) => as)).toEqual(["build", "dependencies", undefined]);
  });

  test("has a Node.js that the programs and their libraries run on", () => {
    const major = Number(/^node:(\d+)\./.exec(dockerfile.image.from)?.[1]);
    expect(major).toBeGreaterThanOrEqual(22);
  });

  test("begins with node, which gets SIGTERM itself, as a user who is not root", () => {
    expect(dockerfile.exec("ENTRYPOINT")).toEqual([]);
    expect(dockerfile.exec("CMD")).toEqual(["node", "dist/main.js"]);
    expect(packageOf(service).scripts.start).toBe("node dist/main.js");
    expect(dockerfile.last("USER")).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(dockerfile.environment()).toMatchObject({ NODE_ENV: "production" });
    for (const program of ["main.ts", "health-check.ts"])
      expect(existsSync(join(ROOT, "apps", service, "src", program))).toBe(true);
    expect(dockerfile.all("WORKDIR").at(-1)).toBe(`/app/apps/${service}`);
  });

  test("lets that user listen on port 80, in its last stage, and is not built where that is lost", () => {
    const instructions = dockerfile.image.instructions;
    const at = (what: (text: string, name: string) => boolean): number =>
      instructions.findIndex(({ name, text }) => what(text, name));
    const capability = at((text) => text.includes("setcap cap_net_bind_service=+ep /usr/local/bin/node"));
    const user = at((_, name) => name === "USER");
    const check = at((text) => text.includes("CapEff"));
    expect(capability).toBeGreaterThanOrEqual(0);
    expect(user).toBeGreaterThan(capability);
    expect(check).toBeGreaterThan(user);
  });

  test("checks that capability with a program that is right about it", () => {
    const text = dockerfile.all("RUN").find((run) => run.includes("CapEff")) ?? "";
    const [, , program = ""] = JSON.parse(text) as string[];
    const passes = (capabilities: string): boolean => {
      const modules: Readonly<Record<string, unknown>> = {
        fs: { readFileSync: () => `Name:\tnode\nCapEff:\t${capabilities}\nCapBnd:\t00000000a80425fb\n` },
        assert: (value: unknown) => {
          if (!value) throw new Error("refused");
        },
        libsql: function Database() {
          return { close: () => undefined };
        },
      };
      try {
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- it is the Dockerfile's own
        new Function("require", program)((name: string) => modules[name]);
        return true;
      } catch {
        return false;
      }
    };
    expect(passes("0000000000000400")).toBe(true);
    expect(passes("0000000000000000")).toBe(false);
    expect(passes("00000000000001ff")).toBe(false);
  });

  test("has nothing in it that is for one processor", () => {
    expect(readFileSync(join(ROOT, "apps", service, "Dockerfile"), "utf8")).not.toMatch(
      /amd64|arm64|x86_64|aarch64|TARGETARCH/,
    );
    expect(dockerfile.stages.at(-1)?.instructions.map(({ name }) => name)).not.toContain("SHELL");
  });

  test("has the labels of its package", () => {
    const { description, license } = packageOf(service);
    expect(dockerfile.labels()).toEqual({
      "org.opencontainers.image.title": service,
      "org.opencontainers.image.description": description,
      "org.opencontainers.image.version": "${VERSION}",
      "org.opencontainers.image.licenses": license,
    });
    expect(dockerfile.all("ARG")).toContain("VERSION=0.0.0");
  });

  test("is built of files that are there and that the builder is given", () => {
    const sources = named("COPY")
      .filter((text) => !text.startsWith("--from="))
      .flatMap((text) => text.split(/\s+/).slice(0, -1));
    expect(sources).toContain("package-lock.json");
    for (const source of sources) {
      expect({ source, exists: existsSync(join(ROOT, source)) }).toEqual({ source, exists: true });
      expect({ source, ignored: isIgnored(source) }).toEqual({ source, ignored: false });
    }
  });

  test("installs from the lock file alone: for the build all that it needs, for the image no more than that", () => {
    const installs = named("RUN").filter((text) => /\bnpm (ci|i|install|exec)\b/.test(text));
    expect(installs).toHaveLength(2);
    expect(installs[0]).toMatch(
      new RegExp(`npm ci --ignore-scripts --workspace=ecs-discovery-client --workspace=${service}$`),
    );
    expect(installs[1]).toContain(`npm ci --omit=dev --workspace=${service}`);
  });

  test.each(["discovery-client", service])("compiles %s with what that declares", (app) => {
    const { scripts, devDependencies } = packageOf(app);
    expect(scripts.build).toMatch(/^tsc /);
    // the compiler of the root would come with all of the root's packages
    expect(Object.keys(devDependencies ?? {})).toEqual(expect.arrayContaining(["@types/node", "typescript"]));
  });
});

test("the database has a binary in the lock file for each processor that images are built for", () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { optionalDependencies?: object }>;
  };
  // what `-slim` images have, and what `-alpine` images would need
  for (const platform of ["linux-x64-gnu", "linux-arm64-gnu", "linux-x64-musl", "linux-arm64-musl"]) {
    expect(packages["node_modules/libsql"]?.optionalDependencies).toHaveProperty([`@libsql/${platform}`]);
    expect(packages).toHaveProperty([`node_modules/@libsql/${platform}`, "integrity"]);
  }
});

test("both images are made of the same Node.js", () => {
  const [one, other] = SERVICES.map((service) => Dockerfile.of(service).image.from);
  expect(one).toBe(other);
});

test.each([
  "terraform.tfstate",
  ".env",
  ".git/config",
  "node_modules/undici/index.js",
  "stacks/trading-platform.ts",
  "apps/stock-service/node_modules/x/index.js",
  "apps/stock-service/dist/main.js",
  "apps/discovery-client/__tests__/a.test.ts",
])("no builder is given %s", (file) => expect(isIgnored(file)).toBe(true));

/** As Docker reads `.dockerignore`: the last pattern that fits the path or a folder above it. */
function isIgnored(path: string): boolean {
  const folders = path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
  return readFileSync(join(ROOT, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .reduce((ignored, line) => {
      const isException = line.startsWith("!");
      const pattern = line
        .replace(/^!/, "")
        .replace(/\/$/, "")
        .replaceAll(".", "\\.")
        .replaceAll(/\*\*\/|\*/g, (stars) => (stars === "*" ? "[^/]*" : "(?:.*/)?"));
      const fits = folders.some((folder) => new RegExp(`^${pattern}$`).test(folder));
      return fits ? !isException : ignored;
    }, false);
}
