import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServiceProcess } from "./process.js";
import { HOST } from "./service.js";

/* What the READMEs of both services show is what the services answer: every `curl` in them, in order. */

interface Shown {
  readonly command: string;
  readonly answer: string;
}

const APPS = join(__dirname, "..", "..");
/** Whose data do not matter: it is another one each time. */
const REQUEST_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

let folder: string;
let stock: ServiceProcess;
let signals: ServiceProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "readme-"));
  stock = new ServiceProcess("stock-service", {
    HOST,
    PORT: "0",
    DATABASE_PATH: join(folder, "stock.db"),
    LOAD_SAMPLE_DATA: "true",
    DRAIN_SECONDS: "0",
  });
  await stock.ready();
  signals = new ServiceProcess("signal-processing-service", {
    HOST,
    PORT: "0",
    STOCK_SERVICE_URL: stock.url,
  });
  await signals.ready();
}, 60_000);

afterAll(async () => {
  await Promise.all([stock, signals].map((each) => each.kill()));
  rmSync(folder, { recursive: true, force: true });
});

test("stock-service", async () => {
  const shown = shownIn("stock-service");
  expect(shown).toHaveLength(6);
  for (const one of shown) await expectAnswer(one, stock.url);
});

test("what stock-service says of wrong variables", async () => {
  const page = readFileSync(join(APPS, "stock-service", "README.md"), "utf8");
  const [shown = ""] = /^stock-service cannot start:(.*\n)+?(?=```)/m.exec(page) ?? [];
  const given = new ServiceProcess("stock-service", { PORT: "abc", DRAIN_SECONDS: "999" });
  expect(await given.exitCode()).toBe(1);
  expect(given.errors).toBe(shown);
});

test("signal-processing-service", async () => {
  const shown = shownIn("signal-processing-service");
  expect(shown).toHaveLength(5);
  const isOutage = ({ command }: Shown): boolean => command.includes("# stock-service killed");
  for (const one of shown.filter((each) => !isOutage(each))) await expectAnswer(one, signals.url);
  await stock.kill();
  for (const one of shown.filter(isOutage)) await expectAnswer(one, signals.url);
});

async function expectAnswer({ command, answer }: Shown, url: string): Promise<void> {
  const words = [...command.replace(/\s+#.*$/, "").matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
  const after = (flag: string): string | undefined =>
    words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined;
  const { pathname, search } = new URL(words.find((word) => word.startsWith("http")) ?? "");
  const body = after("-d");
  const [name = "", value = ""] = after("-H")?.split(": ") ?? [];
  const given = await fetch(`${url}${pathname}${search}`, {
    method: after("-X") ?? (body === undefined ? "GET" : "POST"),
    headers: name === "" ? {} : { [name]: value },
    body,
  });
  const [head, json = ""] = words.includes("-i") ? answer.split("\n\n") : ["", answer];
  for (const line of (head ?? "").split("\n").slice(1)) {
    const [header = "", text = ""] = line.split(": ");
    expect([command, header, sameIds(given.headers.get(header) ?? "")]).toEqual([
      command,
      header,
      sameIds(text),
    ]);
  }
  if (head) expect(head.split("\n")[0]).toContain(` ${given.status} `);
  expect([command, sameIds(JSON.stringify(await given.json()))]).toEqual([
    command,
    sameIds(JSON.stringify(JSON.parse(json))),
  ]);
}

/** The commands of a README's console blocks, each with what is shown below it. */
function shownIn(app: string): Shown[] {
  const page = readFileSync(join(APPS, app, "README.md"), "utf8");
  const blocks = [...page.matchAll(/^```console\n(.*?)^```/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    block.split(/^\$ /m).flatMap((text) => {
      // an answer begins with a line of its own: a body that is sent is inside quotes
      const begins = /\n(?=\{"|HTTP\/)/.exec(text);
      return begins
        ? [{ command: text.slice(0, begins.index), answer: text.slice(begins.index + 1).trim() }]
        : [];
    }),
  );
}

function sameIds(text: string): string {
  return text.replace(REQUEST_ID, "(request id)");
}
