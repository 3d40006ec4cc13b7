import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { job } from "./files";
import { Artifacts, Machine, runGithubJob, type Ran } from "./runners";
import { describeWithPrograms } from "./programs";

const COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
const HEAD = "e5bd3914e2e596debea16f433f57875b5b90bcd6";

/** GitHub's command line: answers from the environment, filtered by what is asked with --jq. */
const GH = `
for word in "$@"; do
  case $previous in --jq) filter=$word ;; --method) method=$word ;; esac
  case $word in repos/*) path=$word ;; esac
  previous=$word
done
echo "\${method:-GET} $path" >> "$CALLS"
case $path in
  */pulls) printf '%s' "$PULLS" ;;
  */workflows/plan.yml/runs*) printf '%s' "$RUNS" ;;
  */actions/runs/*) printf '%s' "$GIVEN_RUN" ;;
  */issues/12/comments) [ -z "$filter" ] || printf '%s' "$COMMENTS" ;;
esac | jq -r "\${filter:-.}"`;

let machine: Machine;
let cwd: string;
beforeEach(() => {
  machine = new Machine({ gh: GH });
  cwd = machine.checkout();
});
afterEach(() => machine.dispose());

const calls = (): string[] => readFileSync(join(cwd, "calls"), "utf8").trim().split("\n");

describeWithPrograms("apply.yml finds the plans", () => {
  const merged = JSON.stringify([
    { merge_commit_sha: "another", head: { sha: "0" } },
    { merge_commit_sha: COMMIT, head: { sha: HEAD } },
  ]);
  const byHand = {
    id: 30433642,
    path: ".github/workflows/plan.yml",
    event: "workflow_dispatch",
    conclusion: "success",
    head_sha: COMMIT,
  };
  const find = async (given: string, answers: NodeJS.ProcessEnv): Promise<Ran & { found?: string }> => {
    const ran = await runGithubJob(job("apply", "reviewed"), {
      machine,
      artifacts: new Artifacts(machine.checkout()),
      cwd,
      expressions: {
        "github.token": "token",
        "github.repository": "my-org/my-repo",
        "github.sha": COMMIT,
        "inputs.run": given,
      },
      environment: { CALLS: join(cwd, "calls"), ...answers },
    });
    return { ...ran, found: /^run=(.*)$/m.exec(readFileSync(join(cwd, ".outputs"), "utf8"))?.[1] };
  };

  test("of the pull request that was merged", async () => {
    const runs = JSON.stringify({ workflow_runs: [{ id: 30433642 }, { id: 1 }] });
    expect(await find("", { PULLS: merged, RUNS: runs })).toMatchObject({ exitCode: 0, found: "30433642" });
    expect(calls()).toEqual([
      `GET repos/my-org/my-repo/commits/${COMMIT}/pulls`,
      `GET repos/my-org/my-repo/actions/workflows/plan.yml/runs?event=pull_request&status=success&head_sha=${HEAD}`,
    ]);
  });

  test("of the run that is given", async () => {
    expect(await find("30433642", { GIVEN_RUN: JSON.stringify(byHand) })).toMatchObject({
      exitCode: 0,
      found: "30433642",
    });
  });

  test.each<[string, string, NodeJS.ProcessEnv, string]>([
    ["a push without a pull request", "", { PULLS: "[]" }, "was not merged by a pull request"],
    ["no plans", "", { PULLS: merged, RUNS: '{"workflow_runs": []}' }, `there are no plans of ${HEAD}`],
    ["no number", "1/../2", {}, "is a number"],
    ...Object.entries({
      path: ".github/workflows/other.yml",
      event: "pull_request",
      conclusion: "failure",
      head_sha: HEAD,
    }).map(
      ([key, value]) =>
        [
          `a run whose ${key} is ${value}`,
          "30433642",
          { GIVEN_RUN: JSON.stringify({ ...byHand, [key]: value }) },
          "is not a run of plan.yml on the commit",
        ] as [string, string, NodeJS.ProcessEnv, string],
    ),
  ])("and refuses %s", async (_, given, answers, text) => {
    const { exitCode, output, found } = await find(given, answers);
    expect([exitCode, found]).toEqual([1, undefined]);
    expect(output).toContain(text);
    expect(output).toContain("Run the workflow plan on main");
  });
});

describeWithPrograms("plan.yml comments", () => {
  const comment = async (comments: readonly unknown[]): Promise<string> => {
    const store = machine.checkout();
    const artifacts = new Artifacts(store);
    for (const environment of ["production", "dev", "staging"]) {
      const name = `summary-${environment}.md`;
      writeFileSync(join(cwd, name), `### ${environment}: No changes.\n`);
      artifacts.upload(`summary-${environment}`, cwd, [name]);
    }
    const ran = await runGithubJob(job("plan", "comment"), {
      machine,
      artifacts,
      cwd,
      expressions: {
        "github.token": "token",
        "github.repository": "my-org/my-repo",
        "github.event.pull_request.number": "12",
        "github.event.pull_request.head.sha": HEAD,
      },
      environment: { CALLS: join(cwd, "calls"), COMMENTS: JSON.stringify(comments) },
    });
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(cwd, "comment.md"))).toBe(true);
    return readFileSync(join(cwd, "comment.md"), "utf8");
  };
  const theirs = { id: 1, user: { login: "someone" }, body: "<!-- plans of trading-platform --> copied" };
  const ours = {
    id: 2,
    user: { login: "github-actions[bot]" },
    body: "<!-- plans of trading-platform -->\nold",
  };

  test("once, all environments in their order", async () => {
    const text = await comment([theirs, { ...ours, id: 3, body: "of another workflow" }]);
    expect(text.match(/^### \w+/gm)).toEqual(["### dev", "### staging", "### production"]);
    expect(text).toContain(`Plans of ${HEAD}.`);
    expect(calls()[1]).toBe("POST repos/my-org/my-repo/issues/12/comments");
  });

  test("and renews its own comment after the next push", async () => {
    await comment([theirs, ours, { ...ours, id: 9 }]);
    expect(calls()[1]).toBe("PATCH repos/my-org/my-repo/issues/comments/2");
  });
});
