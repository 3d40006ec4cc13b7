import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { LocalImage, LocalImages } from "../tasks";
import { asUser } from "../tasks/machine";

const PROJECT = join(__dirname, "..", "..");
const STAND_INS = join(PROJECT, "local", "stand-ins");
/** What the images of `apps/` run as. */
const APP_USER = 1000;
const KEYS = ["entryPoint", "command", "cwd", "env", "healthCheck"];

export interface ImagesOptions {
  /** `address:port` of the DNS server, where tasks cannot have an `/etc/resolv.conf` of their own. @default - they have one */
  readonly dnsServer?: string;
  /** Whether stock-service begins with the quotes of its sample. @default false */
  readonly sampleData?: boolean;
}

/**
 * What stands for the images of this project's stacks: the programs of `apps/`, and for the sample images of
 * `hello-name` two small programs that do what those do.
 */
export function ownImages({ dnsServer, sampleData = false }: ImagesOptions = {}): LocalImages {
  const app = (name: string, env: Readonly<Record<string, string>> = {}): LocalImage => ({
    command: [process.execPath, "dist/main.js"],
    cwd: join(PROJECT, "apps", name),
    env: { NODE_ENV: "production", ...env },
  });
  const standIn = (name: string): LocalImage => ({
    command: [process.execPath, `${name}.mjs`],
    cwd: STAND_INS,
    env: dnsServer === undefined ? {} : { DNS_SERVER: dnsServer },
  });
  return {
    "stock-service": app("stock-service", { LOAD_SAMPLE_DATA: `${sampleData}` }),
    "signal-processing-service": app(
      "signal-processing-service",
      dnsServer === undefined ? {} : { STOCK_SERVICE_DNS_SERVERS: dnsServer },
    ),
    "public.ecr.aws/ecs-sample-image/hello-server": standIn("hello-server"),
    "public.ecr.aws/ecs-sample-image/name-server": standIn("name-server"),
  };
}

/**
 * Reads a file that maps images to commands of this machine, by repository:
 * `{ "my-api": { "command": ["node", "server.js"], "cwd": "../my-api", "env": { "LOG": "debug" } } }`.
 * `cwd` is relative to the file.
 *
 * @throws Error with what is wrong in it
 */
export function readImages(file: string): LocalImages {
  const images = parse(file);
  return Object.fromEntries(
    Object.entries(images).map(([name, image]) => [name, checked(file, name, image)]),
  );
}

/** Whether the user that the images of `apps/` run as may read this project; a home directory is often closed to others. */
export function appUserMayRead(): boolean {
  const [command = "", ...options] = asUser(APP_USER, APP_USER);
  const readable = spawnSync(command, [...options, process.execPath, "--version"], {
    cwd: join(PROJECT, "apps"),
    stdio: "ignore",
  });
  const entered = spawnSync(command, [...options, "test", "-r", join(PROJECT, "package.json")], {
    stdio: "ignore",
  });
  return readable.status === 0 && entered.status === 0;
}

function parse(file: string): Record<string, unknown> {
  let images: unknown;
  try {
    images = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(
      `the images of ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (isRecord(images)) return images;
  throw new Error(
    `${file} must hold one object, with an entry for each image: { "my-api": { "command": [...], "cwd": "..." } }`,
  );
}

function checked(file: string, name: string, image: unknown): LocalImage {
  const wrong = (what: string): Error => new Error(`${file}: the image ${JSON.stringify(name)} ${what}`);
  if (!isRecord(image))
    throw wrong('must be an object, for example { "command": ["node", "server.js"], "cwd": "." }');
  const unknown = Object.keys(image).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) throw wrong(`has ${unknown.join(", ")}; allowed: ${KEYS.join(", ")}`);
  const { entryPoint, command, cwd, env, healthCheck } = image;
  if (!isTexts(command)) throw wrong('needs a command, for example ["node", "server.js"]');
  if (entryPoint !== undefined && !isTexts(entryPoint))
    throw wrong("has an entryPoint that is no list of texts");
  if (healthCheck !== undefined && !isTexts(healthCheck))
    throw wrong("has a healthCheck that is no list of texts");
  if (typeof cwd !== "string") throw wrong("needs a cwd: the directory in which its command is run");
  if (env !== undefined && !(isRecord(env) && Object.values(env).every((value) => typeof value === "string")))
    throw wrong("has an env that is no object of texts");
  return {
    command,
    entryPoint,
    healthCheck,
    env: env as LocalImage["env"],
    cwd: isAbsolute(cwd) ? cwd : resolve(dirname(file), cwd),
  };
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}

function isTexts(x: unknown): x is string[] {
  return Array.isArray(x) && x.length > 0 && x.every((item) => typeof item === "string");
}
