import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  atlantisServer,
  ENVIRONMENTS,
  gitlabJobs,
  PIPELINES,
  read,
  ROOT,
  workflow,
  WORKFLOWS,
  type Job,
  type Step,
} from "./files";

const SCRIPTS = (
  JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }
).scripts;
const OF_NPM = ["ci"];
/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax */
const GITHUB = {
  workflow: ["name", "on", "permissions", "defaults", "concurrency", "jobs"],
  job: "concurrency environment env if needs outputs permissions runs-on steps strategy timeout-minutes uses".split(
    " ",
  ),
  step: ["name", "id", "if", "uses", "with", "env", "run"],
};
/** https://docs.gitlab.com/ci/yaml/ */
const GITLAB = (
  "after_script artifacts before_script environment extends id_tokens image needs resource_group rules script stage " +
  "variables"
).split(" ");

const jobs: (readonly [string, Job])[] = WORKFLOWS.flatMap((name) =>
  Object.entries(workflow(name).jobs).map(([id, job]) => [`${name}.yml ${id}`, job] as const),
);
const steps: (readonly [string, Step])[] = jobs.flatMap(([name, job]) =>
  (job.steps ?? []).map((step) => [`${name}: ${step.name ?? step.uses}`, step] as const),
);
const runs = steps.filter(([, { run }]) => run !== undefined);

/** Each `npm run` and `npm ci` in a text. */
function npmCommands(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run )?([\w:-]+)/g)].map(([, command = ""]) => command);
}

describe("the workflows for GitHub", () => {
  test("are all that is in the folder", () => {
    const files = readdirSync(join(PIPELINES, "github-actions", ".github", "workflows"));
    expect(files.sort()).toEqual(WORKFLOWS.map((name) => `${name}.yml`).sort());
  });

  test.each(WORKFLOWS)("%s.yml has the keys that GitHub knows, and no permission of its own", (name) => {
    const file = workflow(name);
    expect(GITHUB.workflow).toEqual(expect.arrayContaining(Object.keys(file)));
    expect(file.permissions).toEqual({});
    // named, it runs with -o pipefail
    expect(file.defaults.run.shell).toBe("bash");
  });

  test.each(jobs)(
    "%s has the keys that GitHub knows, needs jobs that are there, and ends some time",
    (name, job) => {
      expect(GITHUB.job).toEqual(expect.arrayContaining(Object.keys(job)));
      const siblings = Object.keys(workflow(name.split(".")[0] as (typeof WORKFLOWS)[number]).jobs);
      for (const needed of [job.needs ?? []].flat()) expect(siblings).toContain(needed);
      if (job.uses === undefined) expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
      else expect(job.uses).toBe("./.github/workflows/synth.yml");
      for (const step of job.steps ?? [])
        expect(GITHUB.step).toEqual(expect.arrayContaining(Object.keys(step)));
    },
  );

  test("name every action by a whole commit and say which version that is", () => {
    for (const name of WORKFLOWS) {
      const lines = read(`github-actions/.github/workflows/${name}.yml`).match(/uses: (?!\.\/).*/g) ?? [];
      for (const line of lines)
        expect(line).toMatch(/^uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test("name one commit for one action", () => {
    const pins = new Map<string, Set<string>>();
    for (const [, { uses = "" }] of steps) {
      const [action = "", commit = ""] = uses.split("@");
      if (action) pins.set(action, (pins.get(action) ?? new Set()).add(commit));
    }
    for (const commits of pins.values()) expect(commits.size).toBe(1);
  });

  test.each(runs)("%s puts nothing of the event into the script, where it would be run", (_, { run }) => {
    expect(run).not.toContain("${{");
  });

  test.each(runs)("%s is bash", (_, { run }) => {
    expect(spawnSync("bash", ["-n"], { input: run, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test("use Node in synth alone, which has no credentials", () => {
    for (const [name, job] of jobs) {
      const uses = (job.steps ?? []).map((step) => `${step.uses ?? ""} ${step.run ?? ""}`).join("\n");
      const isSynth = name === "synth.yml synth";
      expect([name, /setup-node|\b(npm|npx|node)\b/.test(uses)]).toEqual([name, isSynth]);
      expect([name, uses.includes("configure-aws-credentials")]).toEqual([
        name,
        job.permissions?.["id-token"] === "write",
      ]);
    }
  });

  test("give no pull request of a fork anything: no pull_request_target, and no plan", () => {
    for (const name of WORKFLOWS) {
      expect(Object.keys(workflow(name).on)).not.toContain("pull_request_target");
      expect(Object.keys(workflow(name).on)).not.toContain("workflow_run");
    }
    expect(workflow("plan").jobs.plan?.if).toBe(
      "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository",
    );
  });

  test("change things in a protected environment only, one at a time, with a role that plans do not have", () => {
    const changing = jobs.filter(([, { steps = [] }]) =>
      steps.some(({ run }) => run?.includes("terraform -chdir=stack apply")),
    );
    expect(changing.map(([name]) => name)).toEqual(["apply.yml apply", "destroy.yml destroy"]);
    for (const [, { environment, concurrency, steps = [] }] of changing) {
      expect(environment).toMatch(/^\$\{\{ (matrix|inputs)\.environment \}\}$/);
      expect(concurrency).toEqual({ group: `apply-${environment}`, "cancel-in-progress": false });
      const roles = steps.flatMap((step) =>
        step.with?.["role-to-assume"] ? [step.with["role-to-assume"]] : [],
      );
      expect(roles).toEqual(["${{ vars.APPLY_ROLE }}"]);
    }
    const reading = steps.filter(([, step]) => String(step.with?.["role-to-assume"]).includes("PLAN_ROLES"));
    expect(reading).toHaveLength(3);
  });

  test("apply a plan that was saved and nothing else", () => {
    const applies = runs.flatMap(([, { run = "" }]) => run.match(/terraform .* apply .*/g) ?? []);
    expect(applies).toHaveLength(2);
    for (const command of applies) expect(command).toMatch(/apply -lock-timeout=10m \w+\.tfplan$/);
  });

  test("keep a plan for days, encrypted, and never as it is", () => {
    const uploads = steps.filter(([, { uses }]) => uses?.startsWith("actions/upload-artifact@"));
    expect(uploads.length).toBeGreaterThan(3);
    for (const [, { with: options }] of uploads) {
      expect(String(options?.path)).not.toMatch(/tfplan$|plan\.txt|stack/m);
      expect(options?.["retention-days"]).toBeLessThanOrEqual(14);
    }
  });

  test("go through the environments in their order", () => {
    const { strategy } = workflow("apply").jobs.apply ?? {};
    expect(strategy).toEqual({ "max-parallel": 1, matrix: { environment: ENVIRONMENTS } });
    for (const name of ["plan", "drift"] as const)
      expect(workflow(name).jobs[name]?.strategy?.matrix.environment).toEqual(ENVIRONMENTS);
  });

  test("do not offer to destroy production", () => {
    const { inputs } = workflow("destroy").on.workflow_dispatch as {
      inputs: { environment: { options: string[] } };
    };
    expect(inputs.environment.options).toEqual(["dev", "staging"]);
  });
});

describe("the pipeline for GitLab", () => {
  const all = Object.entries(gitlabJobs());

  test.each(all)("%s has the keys that GitLab knows, and needs jobs that are there", (_, job) => {
    expect(GITLAB).toEqual(expect.arrayContaining(Object.keys(job)));
    for (const needed of job.needs ?? []) expect(gitlabJobs()).toHaveProperty([needed]);
  });

  test.each(all)("%s is shell", (_, job) => {
    const script = [job.before_script, job.script, job.after_script].flat().join("\n");
    expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test("plans and applies every environment, an apply being begun by hand on main and alone", () => {
    for (const environment of ENVIRONMENTS) {
      const apply = gitlabJobs()[`apply ${environment}`];
      expect(apply).toMatchObject({
        needs: ["synth", `plan ${environment}`],
        resource_group: "$ENVIRONMENT",
        environment: { name: "$ENVIRONMENT" },
        variables: { ENVIRONMENT: environment, AWS_ROLE_ARN: `$APPLY_ROLE_${environment.toUpperCase()}` },
      });
      expect(apply?.rules?.at(-1)).toEqual({ if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", when: "manual" });
      expect(gitlabJobs()[`plan ${environment}`]?.artifacts).toMatchObject({
        access: "developer",
        expire_in: "1 day",
      });
    }
  });

  test("uses Node in synth alone, which has no token", () => {
    for (const [name, { image, id_tokens, script = [] }] of all) {
      const isSynth = name === "synth";
      expect([name, /\b(node|npm)\b/.test(`${JSON.stringify(image)} ${script.join(" ")}`)]).toEqual([
        name,
        isSynth,
      ]);
      expect([name, id_tokens === undefined]).toEqual([name, isSynth]);
    }
  });
});

describe("the files for Atlantis", () => {
  /** https://www.runatlantis.io/docs/repo-level-atlantis-yaml#reference */
  test("give each environment a project, and run no plan before a person asks for it", () => {
    const file = parse(read("atlantis/atlantis.yaml")) as {
      version: number;
      projects: Record<string, unknown>[];
    };
    expect(file.version).toBe(3);
    expect(file.projects).toEqual(
      ENVIRONMENTS.map((environment, index) => ({
        name: environment,
        dir: "environments",
        workspace: environment,
        autoplan: { enabled: false },
        execution_order_group: index + 1,
      })),
    );
  });

  /** https://www.runatlantis.io/docs/server-side-repo-config#reference */
  test("let a pull request change nothing of what is run", () => {
    expect(atlantisServer().repos).toEqual([
      expect.objectContaining({
        plan_requirements: ["approved"],
        apply_requirements: ["approved", "mergeable", "undiverged"],
        workflow: "trading-platform",
        allowed_overrides: [],
        allow_custom_workflows: false,
      }),
    ]);
  });

  test("run Node when planning only", () => {
    const { plan, apply } = atlantisServer().workflows["trading-platform"] ?? {};
    expect(JSON.stringify(plan)).toContain("npm ci --ignore-scripts");
    expect(JSON.stringify(apply)).not.toMatch(/\b(npm|npx|node)\b/);
  });
});

test("every npm command in the examples is one of this project", () => {
  const files = [
    ...WORKFLOWS.map((name) => `github-actions/.github/workflows/${name}.yml`),
    "gitlab/.gitlab-ci.yml",
    "atlantis/repos.yaml",
    "environments/pack.sh",
  ];
  const commands = files.flatMap((file) => npmCommands(read(file)));
  expect(commands).toContain("synth");
  for (const command of commands) expect([...Object.keys(SCRIPTS), ...OF_NPM]).toContain(command);
});

test.each(["environments/pack.sh", "hcp-terraform/run.sh"])("%s is shell", (script) => {
  const path = join(PIPELINES, script);
  expect(spawnSync("sh", ["-n", path], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  const shellcheck = spawnSync("shellcheck", [path], { encoding: "utf8" });
  if (shellcheck.error === undefined) expect(shellcheck).toMatchObject({ status: 0, stdout: "" });
});
