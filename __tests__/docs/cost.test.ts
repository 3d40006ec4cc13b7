import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./pages";

const GUIDE = readFileSync(join(ROOT, "docs", "guides", "cost.md"), "utf8");
const HOURS = 730;

/** The number in a row of a table that begins so. */
function inRow(label: string): number {
  const row = GUIDE.split("\n").find((line) => line.startsWith(`| ${label}`));
  const [, number] = /\| ([\d.]+) \|/.exec(row?.slice(label.length + 1) ?? "") ?? [];
  if (number === undefined) throw new Error(`cost.md has no number in a row ${label}`);
  return Number(number);
}

/** Ten services of two tasks, 0.25 vCPU and 0.5 GB, that call three others each. */
const SERVICES = 10;
const TASKS = SERVICES * 2;
const CALLEES = 3;

const task = (vcpu: number, gigabytes: number): number =>
  (vcpu * inRow("Fargate vCPU, hour") + gigabytes * inRow("Fargate GB, hour")) * HOURS;
const dns = (secondsKept: number): number => {
  const queries = (TASKS * CALLEES * HOURS * 3600) / secondsKept;
  return inRow("hosted zone, month") + (queries / 1_000_000) * inRow("million DNS queries");
};
const balanced = (loadBalancers: number, lcus: number): number =>
  inRow("hosted zone, month") +
  loadBalancers * HOURS * (inRow("Application Load Balancer, hour") + lcus * inRow("LCU, hour"));

describe("the example of docs/guides/cost.md", () => {
  test.each([
    ["the tasks themselves", () => TASKS * task(0.25, 0.5)],
    ["`CloudMapDns`, clients that keep an answer for 5 seconds", () => dns(5)],
    ["`CloudMapDns`, clients that keep an answer for 60 seconds", () => dns(60)],
    ["`ServiceConnect`, tasks grow", () => TASKS * (task(0.5, 1) - task(0.25, 0.5))],
    ["`LoadBalanced`, one load balancer for all of them, at 2 LCUs", () => balanced(1, 2)],
    ["`LoadBalanced`, a load balancer for each service, at 1 LCU", () => balanced(SERVICES, 1)],
  ])("%s is what the prices and formulas give", (label, compute) => {
    expect(inRow(label)).toBe(Number(compute().toFixed(2)));
  });

  test("is about the services that it says", () => {
    expect(GUIDE).toContain(
      "Ten services of two tasks each, 256 CPU units and 512 MiB; each task calls three others",
    );
    expect(GUIDE).toContain(`A month has ${HOURS} hours`);
  });
});
