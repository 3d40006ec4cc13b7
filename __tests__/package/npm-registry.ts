import { execFile } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { run } from "../../scripts/checkout";
import { ROOT } from "../../scripts/commands";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

interface Packed {
  readonly id: string;
  readonly filename: string;
  readonly integrity: string;
}

interface Release {
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly integrity: string;
}

/**
 * A registry on a loopback address whose packages are the ones that this project has installed, packed again by npm, and
 * an npm that knows neither another registry nor a cache nor a configuration.
 *
 * So npm finds versions, resolves peers and unpacks as it does in a user's project, on a machine without a network too.
 */
export class NpmRegistry {
  /**
   * Publishes packages.
   *
   * @param folder where it keeps tarballs and what npm writes for itself
   * @param packages names, each with the files of it that are published; undefined for all
   */
  public static async start(
    folder: string,
    packages: Readonly<Record<string, readonly string[] | undefined>>,
  ): Promise<NpmRegistry> {
    const sources = Object.entries(packages).map(([name, files]) => {
      const installed = join(ROOT, "node_modules", name);
      return files === undefined ? installed : extract(installed, files, join(folder, "extracts", name));
    });
    const tarballs = join(folder, "tarballs");
    mkdirSync(tarballs, { recursive: true });
    const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", tarballs, ...sources];
    const packed = JSON.parse(run(folder, "npm", pack)) as Packed[];
    const releases = sources.map((source): Release => {
      const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Manifest;
      const found = packed.find(({ id }) => id === `${manifest.name}@${manifest.version}`);
      if (found === undefined) throw new Error(`npm did not pack ${source}`);
      return { manifest, tarball: join(tarballs, found.filename), integrity: found.integrity };
    });
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new NpmRegistry(server, folder, releases);
  }

  /** Names that npm has asked for and that are not published, in order. */
  public readonly unknown: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    private readonly releases: Release[],
  ) {
    server.on("request", (request: IncomingMessage, response: ServerResponse) =>
      this.answer(decodeURIComponent(request.url ?? "").slice(1), response),
    );
  }

  /** Publishes what a package holds once more, as an older version of it or under another name. */
  public publishAs(name: string, changes: Partial<Manifest>): void {
    const release = this.releases.find(({ manifest }) => manifest.name === name);
    if (release === undefined) throw new Error(`${name} is not published`);
    this.releases.unshift({ ...release, manifest: { ...release.manifest, ...changes } });
  }

  /**
   * Runs npm in a folder and gives what it printed.
   *
   * @throws Error with all of that where it fails
   */
  public async npm(cwd: string, ...args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await promisify(execFile)("npm", args, { cwd, env: this.environment() });
      return stdout;
    } catch (error) {
      const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
      throw new Error(`npm ${args.join(" ")} failed\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  public async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  private get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Without what the user's npm is configured with: its files, and the variables that `npm test` hands on. */
  private environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !/^npm_|_proxy$/i.test(name));
    return {
      ...Object.fromEntries(inherited),
      npm_config_registry: this.address,
      npm_config_cache: join(this.folder, "cache"),
      npm_config_userconfig: join(this.folder, "no-npmrc"),
      npm_config_globalconfig: join(this.folder, "no-global-npmrc"),
      npm_config_audit: "false",
      npm_config_fund: "false",
      npm_config_update_notifier: "false",
      npm_config_fetch_retries: "0",
    };
  }

  private answer(path: string, response: ServerResponse): void {
    const file = this.releases.find(({ tarball }) => path === `tarballs/${tarballName(tarball)}`);
    if (file !== undefined) {
      response.end(readFileSync(file.tarball));
      return;
    }
    const releases = this.releases.filter(({ manifest }) => manifest.name === path);
    if (releases.length === 0) {
      this.unknown.push(path);
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not found"}');
      return;
    }
    const versions = releases.map(({ manifest, tarball, integrity }) => [
      manifest.version,
      { ...manifest, dist: { tarball: `${this.address}/tarballs/${tarballName(tarball)}`, integrity } },
    ]);
    response.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        name: path,
        "dist-tags": { latest: releases.at(-1)?.manifest.version },
        versions: Object.fromEntries(versions) as object,
      }),
    );
  }
}

function tarballName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Copies some of a package's files, with its manifest. */
function extract(installed: string, files: readonly string[], folder: string): string {
  for (const file of ["package.json", ...files]) {
    const source = join(installed, file);
    if (existsSync(source)) cpSync(source, join(folder, file), { recursive: true });
  }
  return folder;
}
