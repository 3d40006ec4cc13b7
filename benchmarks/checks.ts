/**
 * What the checks cost: 1,000 services are made, checked and synthesized in one run, and V8's profiler tells how much of
 * the time was spent in functions of the checks and in all that these call.
 *
 *     npm run bench:checks
 */
import { Session, type Profiler } from "node:inspector";
import { tmpdir } from "node:os";
import { App } from "cdktf";
import { checkFindings } from "../modules/core/framework/findings";
import { runScript } from "../scripts/flags";
import { Chain } from "./synth/chain";

const SERVICES = Number(process.env.SERVICES ?? 1000);
const RUNS = 5;

/** Makes, checks and synthesizes the app once, and returns milliseconds: in all, and in the checks. */
async function measure(): Promise<{ readonly all: number; readonly checks: number }> {
  const session = new Session();
  session.connect();
  const post = (method: string): Promise<unknown> =>
    new Promise((resolve, reject) =>
      session.post(method, (error: Error | null, result?: object) =>
        error ? reject(error) : resolve(result),
      ),
    );
  await post("Profiler.enable");
  await post("Profiler.start");
  const app = new App({ outdir: tmpdir() });
  const stack = new Chain(app, SERVICES);
  checkFindings(app);
  stack.toTerraform();
  const { profile } = (await post("Profiler.stop")) as Profiler.StopReturnType;
  session.disconnect();
  return { all: (profile.endTime - profile.startTime) / 1000, checks: timeOfChecks(profile) };
}

/** Milliseconds in functions of the checks, with all that they call. */
function timeOfChecks({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): number {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const verdicts = new Map<number, boolean>();
  const isCheck = (id: number | undefined): boolean => {
    if (id === undefined) return false;
    const known = verdicts.get(id);
    if (known !== undefined) return known;
    const { functionName = "", url = "" } = byId.get(id)?.callFrame ?? {};
    const isOwn =
      /\/modules\/.*-checks\.ts$|\/modules\/core\/(check|claims|findings|warnings)\.ts$/.test(url) ||
      (url.includes("/modules/") && /^(check|refuse|warn)/.test(functionName));
    const verdict = isOwn || isCheck(parents.get(id));
    verdicts.set(id, verdict);
    return verdict;
  };
  return samples.reduce((sum, id, index) => sum + (isCheck(id) ? (timeDeltas[index] ?? 0) : 0), 0) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function main(): Promise<void> {
  await measure(); // the first run compiles
  const ratios: number[] = [];
  console.log(`| ${SERVICES} services | ms in all | ms in checks | part |\n|---|---|---|---|`);
  for (let run = 1; run <= RUNS; run++) {
    const { all, checks } = await measure();
    ratios.push(checks / all);
    console.log(`| run ${run} | ${Math.round(all)} | ${Math.round(checks)} | ${percent(checks / all)} |`);
  }
  console.log(`| median | | | ${percent(median(ratios))} |`);
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

void runScript({
  command: "npm run bench:checks",
  help: "Measures what the checks cost. SERVICES sets the number of services; default 1000.",
  flags: {},
  main,
});
