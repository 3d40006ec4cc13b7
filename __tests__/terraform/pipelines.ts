import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EMULATED_REGION } from "../../local/emulator-process";
import type { Network } from "../../local/network";
import { ENVIRONMENTS, PIPELINES, ROOT } from "../examples/files";
import { providerMirror } from "./provider/provider-mirror";

/** The environments of the examples, each with a network that is there. */
export type Networks = Readonly<Record<(typeof ENVIRONMENTS)[number], Network>>;

/** The Terraform files of an example, by name. */
export function terraformFiles(example: string): Record<string, string> {
  const folder = join(PIPELINES, example);
  const names = readdirSync(folder).filter((name) => name.endsWith(".tf"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/**
 * The example s3-backend without the lifecycle of earlier versions, which is only validated: the provider waits three
 * minutes for a header of S3's answer (x-amz-transition-default-minimum-object-size) that the emulator does not send.
 */
export function stateBucketFiles(): Record<string, string> {
  return without("lifecycle.tf", terraformFiles("s3-backend"));
}

/** And without the policy that refuses what is not encrypted on its way, as nothing is that goes to the emulator. */
export function usableStateBucketFiles(): Record<string, string> {
  return without("tls.tf", stateBucketFiles());
}

function without(left: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== left));
}

/** The name of the bucket with an environment's state. */
export function bucketOf(environment: string): string {
  return `example-terraform-state-${environment}`;
}

/**
 * A repository of a user who has copied `environments/` and filled it in: his networks, his buckets, the provider lock
 * file. What `npm` does there, the stub of that name does in this project.
 */
export class Repository {
  public readonly folder = mkdtempSync(join(tmpdir(), "repository-"));

  public constructor(networks: Networks) {
    const environments = join(this.folder, "environments");
    cpSync(join(PIPELINES, "environments"), environments, { recursive: true });
    for (const [environment, { vpcId, subnetIds }] of Object.entries(networks)) {
      const file = join(environments, `${environment}.tfvars.json`);
      const variables = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify({ ...variables, vpc_id: vpcId, subnets: subnetIds }));
      const backend = join(environments, `${environment}.s3.tfbackend`);
      writeFileSync(
        backend,
        readFileSync(backend, "utf8").replace(/^region = .*$/m, `region = "${EMULATED_REGION}"`),
      );
    }
    writeFileSync(join(environments, ".terraform.lock.hcl"), lockFile());
  }

  /** What it is synthesized with, where Node is: `npm ci` and `npm run synth`. */
  public get npm(): string {
    return [
      `[ "$1" = run ] || exit 0`,
      `out=$PWD/cdktf.out; cd '${ROOT}'`,
      `CDKTF_OUTDIR=$out PATH=/usr/bin:/bin exec '${process.execPath}' --import tsx main.ts`,
    ].join("\n");
  }

  /** A copy of it to work in. */
  public checkout(folder: string): string {
    cpSync(this.folder, folder, { recursive: true });
    return folder;
  }

  public dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const PROVIDER = { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" };

/** Of the provider that all tests use: `terraform providers lock` with a folder instead of the registry. */
export function lockFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "lock-"));
  try {
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: { aws: PROVIDER } } }),
    );
    const { platform } = JSON.parse(
      spawnSync("terraform", ["version", "-json"], { encoding: "utf8" }).stdout,
    ) as { platform: string };
    const { status, stderr } = spawnSync(
      "terraform",
      ["providers", "lock", `-fs-mirror=${providerMirror()}`, `-platform=${platform}`],
      { cwd: folder, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    return readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
