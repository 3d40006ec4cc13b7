import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { FakeHcpTerraform, TOKEN, type Behaviour } from "./fake-hcp-terraform";
import { PIPELINES } from "./files";
import { describeWithPrograms } from "./programs";

const SCRIPT = join(PIPELINES, "hcp-terraform", "run.sh");
const UPLOAD = "PUT /upload/secret-address";
const RUN = "run-CZcmD7eagjhyX0vN";
const PLANNED = ["pending", "planning", "planned_and_saved"];
const TOOLS = "sh cat curl date jq mkdir mktemp mv rm sleep tar gzip".split(" ");

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly hcp: FakeHcpTerraform;
}

let folder: string;
let artifact: string;
let bin: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hcp-"));
  const files = {
    "cdk.tf.json": "{}",
    "backend.tf": "",
    ".terraform.lock.hcl": "# locked",
    "dev.tfvars.json": "{}",
    "production.tfvars.json": '{"vpc_id": "vpc-1"}',
    "production.s3.tfbackend": "",
  };
  const stack = join(folder, "stack");
  mkdirSync(stack);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(stack, name), text);
  artifact = join(folder, "artifact.tar.gz");
  spawnSync("tar", ["-czf", artifact, "-C", stack, "."]);
  // what the script says that it needs, and no Node
  bin = join(folder, "bin");
  mkdirSync(bin);
  for (const tool of TOOLS)
    symlinkSync(
      spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim(),
      join(bin, tool),
    );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = (): string[] => ["plan", "trading-platform-production", artifact, "production"];

/** Runs the script, traced, against an HCP Terraform that behaves so; whatever comes of it, the token was not printed. */
async function run(
  args: readonly string[],
  behaviour: Behaviour,
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const hcp = await FakeHcpTerraform.start(behaviour);
  try {
    const temporary = mkdtempSync(join(folder, "tmp-"));
    const child = spawn(join(bin, "sh"), ["-x", SCRIPT, ...args], {
      env: {
        PATH: bin,
        TMPDIR: temporary,
        TFE_ADDRESS: hcp.address,
        TFE_TOKEN: TOKEN,
        TF_CLOUD_ORGANIZATION: "my-organization",
        POLL_SECONDS: "0",
        TIMEOUT_SECONDS: "60",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
    for (const text of [
      stdout,
      stderr,
      ...hcp.requests.map(({ path, body }) => path + body.toString("latin1")),
    ]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain("atlasv1");
    }
    for (const text of [stdout, stderr]) expect(text).not.toContain("secret-address");
    // nothing is left behind
    expect(spawnSync("ls", ["-A", temporary], { encoding: "utf8" }).stdout).toBe("");
    return { exitCode, stdout, stderr, hcp };
  } finally {
    await hcp.stop();
  }
}

const json = (hcp: FakeHcpTerraform, call: string): unknown => JSON.parse(hcp.body(call).toString());

describeWithPrograms("run.sh plan", () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await run(plan(), { statuses: PLANNED });
  });

  test("prints the id of the run on standard output, and how it goes on the other", () => {
    expect(outcome).toMatchObject({ exitCode: 0, stdout: `${RUN}\n` });
    expect(outcome.stderr).toContain("3 to add, 1 to change, 0 to destroy");
    expect(outcome.stderr).toContain(
      `/app/my-organization/workspaces/trading-platform-production/runs/${RUN}\n`,
    );
    for (const status of PLANNED) expect(outcome.stderr).toContain(`  ${status}\n`);
  });

  test("makes a configuration version that starts nothing by itself, uploads, then orders a saved plan of it", () => {
    const { hcp } = outcome;
    expect(hcp.calls.slice(0, 5)).toEqual([
      "GET /api/v2/organizations/my-organization/workspaces/trading-platform-production",
      "POST /api/v2/workspaces/ws-noZcaGXsac6aZSJR/configuration-versions",
      UPLOAD,
      "GET /api/v2/configuration-versions/cv-UYwHEakurukz85nW",
      "POST /api/v2/runs",
    ]);
    expect(json(hcp, hcp.calls[1] ?? "")).toMatchObject({
      data: { attributes: { "auto-queue-runs": false, speculative: false } },
    });
    expect(json(hcp, "POST /api/v2/runs")).toMatchObject({
      data: {
        attributes: { "save-plan": true, "auto-apply": false },
        relationships: {
          workspace: { data: { id: "ws-noZcaGXsac6aZSJR" } },
          "configuration-version": { data: { id: "cv-UYwHEakurukz85nW" } },
        },
      },
    });
  });

  test("does not send the token to the address of the upload", () => {
    const uploads = outcome.hcp.requests.filter(({ method }) => method === "PUT");
    expect(uploads.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test("uploads the stack, its lock file and the variables of the one environment", () => {
    const file = join(folder, "uploaded.tar.gz");
    writeFileSync(file, outcome.hcp.body(UPLOAD));
    const { stdout } = spawnSync("tar", ["-tzf", file], { encoding: "utf8" });
    expect(stdout.trim().split("\n").sort()).toEqual([
      "./",
      "./.terraform.lock.hcl",
      "./cdk.tf.json",
      "./production.auto.tfvars.json",
    ]);
  });

  test("that has no changes is over, and there is nothing to apply", async () => {
    const planned = { statuses: ["planned_and_finished"], hasChanges: false, isConfirmable: false };
    expect(await run(plan(), planned)).toMatchObject({ exitCode: 0, stdout: `${RUN}\n` });
    const applied = await run(["apply", RUN], planned);
    expect(applied.exitCode).toBe(0);
    expect(applied.stderr).toContain("nothing to apply");
    expect(applied.hcp.calls).toEqual([`GET /api/v2/runs/${RUN}`]);
  });

  test("looks again where HCP Terraform is busy", async () => {
    expect(await run(plan(), { statuses: PLANNED, busy: 429 })).toMatchObject({ exitCode: 0 });
  });
});

test("run.sh check plans and cannot be applied", async () => {
  const { exitCode, stdout, hcp } = await run(["check", ...plan().slice(1)], {
    statuses: ["planning", "planned_and_finished"],
  });
  expect([exitCode, stdout]).toEqual([0, ""]);
  expect(json(hcp, hcp.calls[1] ?? "")).toMatchObject({ data: { attributes: { speculative: true } } });
  expect(json(hcp, "POST /api/v2/runs")).toMatchObject({ data: { attributes: { "plan-only": true } } });
});

test("run.sh apply confirms the run that was planned and waits until it is applied", async () => {
  const { exitCode, hcp } = await run(["apply", RUN], {
    statuses: ["planned_and_saved", "planned_and_saved", "apply_queued", "applying", "applied"],
  });
  expect(exitCode).toBe(0);
  expect(hcp.calls.slice(0, 2)).toEqual([
    `GET /api/v2/runs/${RUN}`,
    `POST /api/v2/runs/${RUN}/actions/apply`,
  ]);
  expect(hcp.calls).toHaveLength(6);
});

describeWithPrograms("run.sh explains what is wrong", () => {
  test.each<[string, string[] | undefined, Behaviour, NodeJS.ProcessEnv, number, string[]]>([
    [
      "a run that failed",
      undefined,
      { statuses: ["planning", "errored"] },
      {},
      2,
      [`${RUN} failed`, "/runs/"],
    ],
    [
      "an apply that failed",
      ["apply", RUN],
      { statuses: ["planned_and_saved", "applying", "errored"] },
      {},
      2,
      ["failed"],
    ],
    ["a run that was canceled", undefined, { statuses: ["force_canceled"] }, {}, 2, ["was canceled"]],
    ["a discarded run", undefined, { statuses: ["discarded"] }, {}, 2, ["was discarded"]],
    [
      "a policy that can be overridden",
      undefined,
      { statuses: ["policy_override"] },
      {},
      2,
      ["a policy refuses"],
    ],
    ["a policy of a check", undefined, { statuses: ["policy_soft_failed"] }, {}, 2, ["a policy refuses"]],
    ["a run task", undefined, { statuses: ["post_plan_awaiting_decision"] }, {}, 2, ["wants a decision"]],
    [
      "a plan that went stale",
      ["apply", RUN],
      { statuses: ["discarded"], isConfirmable: false },
      {},
      2,
      ["cannot be applied: it is discarded", "plan again"],
    ],
    [
      "a wrong token",
      undefined,
      { statuses: PLANNED },
      { TFE_TOKEN: "other" },
      1,
      ["(401)", "set TFE_TOKEN"],
    ],
    ["no token", undefined, { statuses: PLANNED }, { TFE_TOKEN: "" }, 1, ["TFE_TOKEN is not set"]],
    [
      "a token in quotes",
      undefined,
      { statuses: PLANNED },
      { TFE_TOKEN: '"x"' },
      1,
      ["characters that no token has"],
    ],
    [
      "an unknown organization",
      undefined,
      { statuses: PLANNED },
      { TF_CLOUD_ORGANIZATION: "x" },
      1,
      ["(404)"],
    ],
    [
      "no organization",
      undefined,
      { statuses: PLANNED },
      { TF_CLOUD_ORGANIZATION: "" },
      1,
      ["TF_CLOUD_ORGANIZATION"],
    ],
    [
      "a clear-text address",
      undefined,
      { statuses: PLANNED },
      { TFE_ADDRESS: "http://tfe.example.com" },
      1,
      ["https://"],
    ],
    [
      "a server that is gone",
      undefined,
      { statuses: PLANNED },
      { TFE_ADDRESS: "http://127.0.0.1:1" },
      1,
      ["does not answer"],
    ],
    ["an upload that fails", undefined, { statuses: PLANNED, uploadStatus: 500 }, {}, 1, ["(status 500)"]],
    ["a bad archive", undefined, { statuses: PLANNED, configurationStatus: "errored" }, {}, 1, ["not a tar"]],
    [
      "a locked workspace",
      undefined,
      { statuses: PLANNED, createRunStatus: 422 },
      {},
      1,
      ["422", "the workspace is locked"],
    ],
    [
      "a run that goes on",
      undefined,
      { statuses: ["planning"] },
      { TIMEOUT_SECONDS: "0" },
      3,
      ["still planning", "TIMEOUT_SECONDS"],
    ],
    [
      "a configuration that is not taken in",
      undefined,
      { statuses: PLANNED, configurationStatus: "pending" },
      { TIMEOUT_SECONDS: "0" },
      3,
      ["is not taken in"],
    ],
    [
      "no number",
      undefined,
      { statuses: PLANNED },
      { TIMEOUT_SECONDS: "1h" },
      1,
      ["whole numbers of seconds"],
    ],
    ["no such command", ["plam"], { statuses: [] }, {}, 1, ["there is no plam"]],
    ["no command", [], { statuses: [] }, {}, 1, ["nothing to do"]],
    ["too few names", ["plan", "x"], { statuses: [] }, {}, 1, ["plan was given 1 names"]],
  ])("%s", async (_, args, behaviour, environment, code, texts) => {
    const { exitCode, stdout, stderr, hcp } = await run(args ?? plan(), behaviour, environment);
    expect(stdout).toBe("");
    for (const text of [...texts, "mend: "]) expect(stderr).toContain(text);
    expect(exitCode).toBe(code);
    if (args?.[0] !== "apply") expect(hcp.calls.join()).not.toContain("actions/apply");
  });

  test.each(["staging", "../x"])("no variables of the environment: %s", async (environment) => {
    const { exitCode, stderr, hcp } = await run([...plan().slice(0, 3), environment], { statuses: PLANNED });
    expect([exitCode, hcp.calls]).toEqual([1, []]);
    expect(stderr).toContain(`holds no ${environment}.tfvars.json`);
  });
});

test("run.sh sends the token through no argument, where everyone on the machine could read it", async () => {
  // a curl that writes down its arguments
  const spy = join(folder, "spy");
  mkdirSync(spy);
  const seen = join(folder, "seen");
  writeFileSync(join(spy, "curl"), `#!/bin/sh\necho "$@" >> '${seen}'\nexec '${join(bin, "curl")}' "$@"\n`, {
    mode: 0o755,
  });
  const { exitCode } = await run(plan(), { statuses: PLANNED }, { PATH: `${spy}:${bin}` });
  expect(exitCode).toBe(0);
  expect(existsSync(seen)).toBe(true);
  expect(readFileSync(seen, "utf8")).not.toMatch(/atlasv1|Bearer|secret-address/);
});
