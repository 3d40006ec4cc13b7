import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ENVIRONMENTS, PIPELINES } from "./files";
import { describeWithPrograms } from "./programs";

const SYNTHESIZED = "cdktf.out/stacks/trading-platform";
const WITHOUT_BACKEND = JSON.stringify({ terraform: { required_version: ">= 1.5.0" } }, null, 2);

describeWithPrograms("environments/pack.sh", () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  /** A repository with the files given, and the example's `environments/`. */
  function repository(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), "pack-"));
    folders.push(folder);
    cpSync(join(PIPELINES, "environments"), join(folder, "environments"), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }
  const complete = (): Record<string, string> => ({
    [`${SYNTHESIZED}/cdk.tf.json`]: WITHOUT_BACKEND,
    "environments/.terraform.lock.hcl": "# locked",
  });
  const pack = (cwd: string, args = ["trading-platform", "artifact.tar.gz"]): SpawnSyncReturns<string> =>
    spawnSync("sh", ["environments/pack.sh", ...args], { cwd, encoding: "utf8" });
  const names = (cwd: string): string[] =>
    spawnSync("tar", ["-tzf", join(cwd, "artifact.tar.gz")], { encoding: "utf8" })
      .stdout.trim()
      .split("\n");

  test("packs the stack, the lock file, the backend and every environment, and prints the sum", () => {
    const cwd = repository({
      ...complete(),
      [`${SYNTHESIZED}/assets/user-data/0/script.sh`]: "#!/bin/sh",
      // what a Terraform on this machine left
      [`${SYNTHESIZED}/.terraform/environment`]: "default",
      [`${SYNTHESIZED}/.terraform.lock.hcl`]: "# another",
      [`${SYNTHESIZED}/test.tfplan`]: "secret",
    });
    const { status, stdout } = pack(cwd);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^[0-9a-f]{64} {2}artifact\.tar\.gz\n$/);
    expect(names(cwd).filter((name) => !name.endsWith("/"))).toEqual([
      "./.terraform.lock.hcl",
      "./assets/user-data/0/script.sh",
      "./backend.tf",
      "./cdk.tf.json",
      ...[...ENVIRONMENTS].sort().flatMap((name) => [`./${name}.s3.tfbackend`, `./${name}.tfvars.json`]),
    ]);
    const { stdout: lock } = spawnSync(
      "tar",
      ["-xOzf", join(cwd, "artifact.tar.gz"), "./.terraform.lock.hcl"],
      {
        encoding: "utf8",
      },
    );
    expect(lock).toBe("# locked");
  });

  test("gives the same bytes on another day, in another folder, under another umask", () => {
    const [one, other] = [repository(complete()), repository(complete())];
    for (const name of ["dev.tfvars.json", "backend.tf"])
      utimesSync(join(other, "environments", name), new Date(0), new Date(86_400_000));
    pack(one);
    spawnSync("sh", ["-c", "umask 077; exec sh environments/pack.sh trading-platform artifact.tar.gz"], {
      cwd: other,
    });
    expect(readFileSync(join(other, "artifact.tar.gz"))).toEqual(readFileSync(join(one, "artifact.tar.gz")));
  });

  test.each<[string, () => Record<string, string>, string[] | undefined, string[]]>([
    [
      "nothing synthesized",
      () => ({}),
      undefined,
      [`there is no ${SYNTHESIZED}/cdk.tf.json`, "npm run synth"],
    ],
    [
      "a backend in the stack",
      () => ({
        ...complete(),
        [`${SYNTHESIZED}/cdk.tf.json`]: JSON.stringify({ terraform: { backend: { s3: {} } } }, null, 2),
      }),
      undefined,
      ["synthesized with a backend", "BACKEND=none"],
    ],
    [
      "a cloud block in the stack",
      () => ({
        ...complete(),
        [`${SYNTHESIZED}/cdk.tf.json`]: JSON.stringify({ terraform: { cloud: {} } }, null, 2),
      }),
      undefined,
      ["synthesized with a backend"],
    ],
    [
      "no lock file",
      () => ({ [`${SYNTHESIZED}/cdk.tf.json`]: WITHOUT_BACKEND }),
      undefined,
      ["there is no environments/.terraform.lock.hcl", "providers lock -platform=linux_amd64"],
    ],
    ["no archive named", complete, ["trading-platform"], ["was given 1 arguments"]],
    ["an unknown stack", complete, ["other", "a.tar.gz"], ["cdktf.out/stacks/other"]],
  ])("refuses %s", (_, files, args, texts) => {
    const { status, stdout, stderr } = pack(repository(files()), args);
    expect([status, stdout]).toEqual([1, ""]);
    for (const text of [...texts, "mend: "]) expect(stderr).toContain(text);
  });
});
