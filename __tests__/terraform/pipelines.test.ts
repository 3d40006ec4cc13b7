import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNetwork } from "../../local/network";
import { atlantisServer, ENVIRONMENTS, gitlabJobs, job, type GitlabJob } from "../examples/files";
import { given } from "../examples/programs";
import {
  Artifacts,
  Machine,
  runAtlantisSteps,
  runGithubJob,
  runGitlabJob,
  type Ran,
} from "../examples/runners";
import { Bench } from "./harness";
import { bucketOf, Repository, stateBucketFiles, usableStateBucketFiles, type Networks } from "./pipelines";

type Environment = (typeof ENVIRONMENTS)[number];

const STALE = "Saved plan is stale";
const NO_CHANGES = "No changes. Your infrastructure matches the configuration.";
const TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** Each environment in an account of its own: an emulator with a network and, from the example, a bucket for the state. */
given(describe)("one artifact through three pipelines into three accounts", () => {
  const benches: Partial<Record<Environment, Bench>> = {};
  const artifacts = new Map<string, string>();
  let repository: Repository;
  let machine: Machine;

  const bench = (environment: Environment): Bench => {
    const found = benches[environment];
    if (found === undefined) throw new Error(`${environment} was not started`);
    return found;
  };
  const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
  const expectDone = ({ exitCode, output }: Ran): string => {
    if (exitCode !== 0) throw new Error(`ended with ${exitCode}\n${output}`);
    return output;
  };

  beforeAll(async () => {
    const networks: Partial<Record<Environment, Networks[Environment]>> = {};
    await Promise.all(
      ENVIRONMENTS.map(async (environment) => {
        benches[environment] = await Bench.start();
        networks[environment] = await createNetwork(bench(environment).emulator);
      }),
    );
    repository = new Repository(networks as Networks);
    machine = new Machine({
      npm: repository.npm,
      git: `echo ${TREE}`,
      gh: `echo ${TREE}`,
      apk: "exit 0",
    });
  });
  afterAll(async () => {
    machine.dispose();
    repository.dispose();
    await Promise.all(Object.values(benches).map((each) => each.dispose()));
  });

  test("there is no Node where the pipelines run", async () => {
    const { exitCode } = await machine.run(["sh"], "command -v node", machine.checkout(), {});
    expect(exitCode).not.toBe(0);
  });

  test("s3-backend makes the bucket for each, and a second plan is empty", async () => {
    for (const environment of ENVIRONMENTS) {
      const folder = bench(environment).folderWith(usableStateBucketFiles());
      await folder.apply({ bucket: bucketOf(environment) });
    }
    const folder = bench("dev").folderWith(stateBucketFiles());
    const variables = { bucket: bucketOf("other") };
    await folder.apply(variables);
    expect((await folder.plan(variables)).isEmpty).toBe(true);
  });

  test("s3-backend refuses whoever comes without TLS", async () => {
    const { endpoint } = bench("dev").emulator;
    const look = async (name: string): Promise<number> =>
      (await fetch(`${endpoint}/${bucketOf(name)}/x`)).status;
    expect([await look("dev"), await look("other")]).toEqual([404, 403]);
  });

  describe("GitHub Actions", () => {
    let store: Artifacts;
    const expressions: Record<string, string> = {
      "matrix.environment": "dev",
      "inputs.environment": "dev",
      "github.token": "token",
      "github.server_url": "https://github.com",
      "github.repository": "my-org/my-repo",
      "github.run_id": "7",
      "github.sha": "c0ffee",
      "secrets.PLAN_PASSPHRASE": "correct horse battery staple",
      // of the steps that are actions
      "needs.reviewed.outputs.run": "7",
    };
    const run = (workflow: Parameters<typeof job>[0], id: string, more: Record<string, string> = {}) =>
      runGithubJob(job(workflow, id), {
        machine,
        artifacts: store,
        cwd: machine.checkout(),
        expressions: { ...expressions, ...more },
        environment: bench("dev").emulator.environment,
      });

    beforeAll(() => {
      store = new Artifacts(machine.checkout());
    });

    test("synth makes the artifact, from sources that it names", async () => {
      const cwd = repository.checkout(machine.checkout());
      const { steps = [] } = job("synth", "synth");
      expectDone(
        await runGithubJob(
          { steps },
          { machine, artifacts: store, cwd, expressions, environment: bench("dev").emulator.environment },
        ),
      );
      artifacts.set("github", sha256(join(cwd, "artifact.tar.gz")));
      expect(readFileSync(join(cwd, "sources"), "utf8").trim()).toBe(TREE);
    });

    test("plan shows what would be made, and keeps the plan where nobody can read it", async () => {
      const planned = await run("plan", "plan");
      expectDone(planned);
      expect(planned.summary).toMatch(/^### dev: Plan: \d+ to add, 0 to change, 0 to destroy\.$/m);
      expect(planned.summary).toContain('resource "aws_ecs_service" "stock_service"');
      const cwd = machine.checkout();
      store.download("plan-dev", cwd);
      const kept = readFileSync(join(cwd, "reviewed.tfplan.gpg"));
      // a plan file is a zip archive
      expect(kept.subarray(0, 2).toString()).not.toBe("PK");
      expect(store.names().sort()).toEqual(["artifact", "plan-dev", "summary-dev"]);
    });

    test("apply refuses a plan of other sources than those that were merged", async () => {
      const cwd = machine.checkout();
      const steps = (job("apply", "apply").steps ?? []).filter(({ name }) => name !== "Apply");
      store.download("artifact", cwd);
      writeFileSync(join(cwd, "sources"), "0123456\n");
      const { exitCode, output } = await runGithubJob(
        { steps: steps.filter(({ uses }) => uses === undefined) },
        { machine, artifacts: store, cwd, expressions, environment: {} },
      );
      expect(exitCode).not.toBe(0);
      expect(output).toContain("main has moved on since the plan");
    });

    test("apply makes exactly what was planned, and a second plan is empty", async () => {
      expect(expectDone(await run("apply", "apply"))).toContain("Apply complete!");
      expect(expectDone(await run("drift", "drift"))).toContain(NO_CHANGES);
    });

    test("the same plan is stale from then on", async () => {
      const { exitCode, output } = await run("apply", "apply");
      expect(exitCode).not.toBe(0);
      expect(output).toContain(STALE);
    });

    test("drift is seen", async () => {
      const cwd = machine.checkout();
      store.download("artifact", cwd);
      // someone has changed a number of tasks
      const steps = (job("drift", "drift").steps ?? []).map((step) =>
        step.name === "Compare"
          ? {
              ...step,
              run: step.run?.replace(`.tfvars.json"`, `.tfvars.json" -var=stock_service_desired_count=2`),
            }
          : step,
      );
      const { exitCode, output } = await runGithubJob(
        { ...job("drift", "drift"), steps },
        {
          machine,
          artifacts: store,
          cwd,
          expressions,
          environment: bench("dev").emulator.environment,
        },
      );
      expect(output).toContain("0 to add, 1 to change, 0 to destroy");
      // the step that opens the issue
      expect(exitCode).toBe(1);
    });

    test("destroy wants its confirmation, then destroys what was planned to the last resource", async () => {
      const confirm = (confirmation: string) =>
        run("destroy", "confirmed", { "inputs.confirmation": confirmation, "github.ref": "refs/heads/main" });
      expect((await confirm("destroy trading-platform in staging")).exitCode).toBe(1);
      expectDone(await confirm("destroy trading-platform in dev"));
      expectDone(await run("destroy", "plan"));
      expect(expectDone(await run("destroy", "destroy"))).toMatch(
        /Apply complete! .* 0 added, 0 changed, [1-9]\d+ destroyed/,
      );
    });
  });

  describe("GitLab", () => {
    let cwd: string;
    const jobs: Readonly<Record<string, GitlabJob>> = gitlabJobs();
    const run = (name: string, more: NodeJS.ProcessEnv = {}): Promise<Ran> => {
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...environment } =
        bench("staging").emulator.environment;
      expect([AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY]).toEqual(["test", "test"]);
      return runGitlabJob(jobs[name] ?? {}, {
        machine,
        cwd,
        environment: {
          ...environment,
          // the SDK's other variable does not hold for the exchange of the token
          AWS_ENDPOINT_URL_STS: environment.AWS_ENDPOINT_URL,
          STACK: "trading-platform",
          // all credentials that there are: Terraform exchanges the token for the role's
          AWS_TOKEN: "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
          PLAN_ROLE_STAGING: "arn:aws:iam::123456789012:role/trading-platform-pipeline-plan",
          APPLY_ROLE_STAGING: "arn:aws:iam::123456789012:role/trading-platform-pipeline-apply",
          CI_PIPELINE_SOURCE: "push",
          ...more,
        },
      });
    };

    test("synth makes the same artifact, byte for byte", async () => {
      cwd = repository.checkout(machine.checkout());
      expectDone(await run("synth"));
      artifacts.set("gitlab", sha256(join(cwd, "artifact.tar.gz")));
      expect(artifacts.get("gitlab")).toBe(artifacts.get("github"));
      const alone = machine.checkout();
      writeFileSync(join(alone, "artifact.tar.gz"), readFileSync(join(cwd, "artifact.tar.gz")));
      cwd = alone;
    });

    test("a merge request is shown how much would change, and keeps no plan file", async () => {
      expectDone(await run("plan staging", { CI_PIPELINE_SOURCE: "merge_request_event" }));
      const changes = JSON.parse(readFileSync(join(cwd, "staging.changes.json"), "utf8")) as object;
      expect(changes).toEqual({ create: expect.any(Number) as number, update: 0, delete: 0 });
      expect(() => readFileSync(join(cwd, "staging.tfplan"))).toThrow("ENOENT");
    });

    test("main plans and applies exactly that; a scheduled pipeline then finds no drift", async () => {
      expectDone(await run("plan staging"));
      expect(expectDone(await run("apply staging"))).toContain("Apply complete!");
      expect(expectDone(await run("plan staging", { CI_PIPELINE_SOURCE: "schedule" }))).toContain(NO_CHANGES);
      expect(() => readFileSync(join(cwd, ".aws-token"))).toThrow("ENOENT");
    });

    test("with DESTROY the plan is to destroy, which a scheduled pipeline would call drift", async () => {
      const { exitCode, output } = await run("plan staging", {
        DESTROY: "staging",
        CI_PIPELINE_SOURCE: "schedule",
      });
      expect(exitCode).toBe(1);
      expect(output).toContain("has drifted from main");
      expectDone(await run("plan staging", { DESTROY: "staging" }));
      expect(expectDone(await run("apply staging"))).toMatch(/0 added, 0 changed, [1-9]\d+ destroyed/);
    });
  });

  describe("Atlantis", () => {
    let cwd: string;
    const stage = (name: "plan" | "apply"): Promise<Ran> => {
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...environment } =
        bench("production").emulator.environment;
      const config = join(machine.folder, "aws-config");
      const profile = `aws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`;
      writeFileSync(config, `[profile production-plan]\n${profile}[profile production-apply]\n${profile}`);
      return runAtlantisSteps(atlantisServer().workflows["trading-platform"]?.[name].steps ?? [], {
        machine,
        cwd,
        environment: {
          ...environment,
          AWS_CONFIG_FILE: config,
          PROJECT_NAME: "production",
          PLANFILE: join(cwd, "production.tfplan"),
        },
      });
    };

    test("plans from the same artifact, byte for byte, and applies exactly that plan", async () => {
      cwd = join(repository.checkout(machine.checkout()), "environments");
      expect(expectDone(await stage("plan"))).toContain("Plan: ");
      expect(sha256(join(cwd, "artifact.tar.gz"))).toBe(artifacts.get("github"));
      expect(expectDone(await stage("apply"))).toContain("Apply complete!");
    });

    test("plans nothing after that", async () => {
      expect(expectDone(await stage("plan"))).toContain(NO_CHANGES);
    });
  });
});
