import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..");
const SOURCES = [
  "main.ts",
  "configuration.ts",
  "cdktf.json",
  "package.json",
  "tsconfig.json",
  "modules",
  "stacks",
];
const CDKTF = require.resolve("cdktf-cli/bundle/bin/cdktf");
const JSON_FILE = join("cdktf.out", "stacks", "trading-platform", "cdk.tf.json");

describe("synthesizing the app", () => {
  const temporary = mkdtempSync(join(tmpdir(), "main-"));
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  /** A checkout of its own, in a folder of its own. */
  const checkout = (path: string): string => {
    const folder = join(temporary, path);
    mkdirSync(folder, { recursive: true });
    for (const source of SOURCES) cpSync(join(PROJECT, source), join(folder, source), { recursive: true });
    symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
    return folder;
  };

  const run = (
    folder: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): { status: number | null; stderr: string; stdout: string } => {
    return spawnSync(process.execPath, [...args], {
      cwd: folder,
      env: {
        ...process.env,
        STACKS: undefined,
        BACKEND: undefined,
        PREFIX: undefined,
        ENVIRONMENT: undefined,
        TAGS: undefined,
        REPOSITORIES_OF: undefined,
        TTL: undefined,
        OBSERVABILITY: undefined,
        CDKTF_OUTDIR: undefined,
        CHECKPOINT_DISABLE: "1",
        ...env,
      },
      encoding: "utf8",
    });
  };

  const synth = (folder: string, env: NodeJS.ProcessEnv = {}): ReturnType<typeof run> =>
    run(folder, ["--import", "tsx", "main.ts"], env);

  const document = (folder: string): { terraform: Record<string, unknown> } =>
    JSON.parse(readFileSync(join(folder, JSON_FILE), "utf8")) as { terraform: Record<string, unknown> };

  test("writes the same bytes in every folder, and no path of the machine", () => {
    const one = checkout("one");
    const two = checkout("deeper/down/two");
    expect(synth(one).status).toBe(0);
    expect(synth(two).status).toBe(0);
    const bytes = readFileSync(join(one, JSON_FILE), "utf8");
    expect(readFileSync(join(two, JSON_FILE), "utf8")).toBe(bytes);
    expect(bytes).not.toContain(temporary);
    expect(bytes).not.toContain(PROJECT);
  });

  test("writes the same bytes when the CDKTF command line asks for it", () => {
    const folder = checkout("command-line");
    expect(synth(folder).status).toBe(0);
    const bytes = readFileSync(join(folder, JSON_FILE), "utf8");
    rmSync(join(folder, "cdktf.out"), { recursive: true });
    expect(run(folder, [CDKTF, "synth"]).status).toBe(0);
    expect(readFileSync(join(folder, JSON_FILE), "utf8")).toBe(bytes);
  });

  test("keeps HCL out of the folder that deploy reads", () => {
    const folder = checkout("hcl");
    expect(run(folder, ["--import", "tsx", "main.ts", "--hcl"]).status).toBe(0);
    expect(readdirSync(join(folder, "hcl.out", "stacks", "trading-platform"))).toContain("cdk.tf");
    expect(existsSync(join(folder, "cdktf.out"))).toBe(false);
  });

  test("never loads the root of the provider package, which costs seconds and 550 MB", () => {
    const folder = checkout("imports");
    const script = `process.on("exit", () => console.log(JSON.stringify(Object.keys(require.cache)))); require("./main.ts");`;
    const { stdout, status } = run(folder, ["--import", "tsx", "-e", script]);
    expect(status).toBe(0);
    const provider = (JSON.parse(stdout) as string[])
      .filter((path) => path.includes("/provider-aws/"))
      .map((path) => path.slice(path.indexOf("/provider-aws/")));
    expect(provider).toContain("/provider-aws/lib/ecs-service/index.js");
    expect(provider).not.toContain("/provider-aws/lib/index.js");
    // a root import would load every one of more than 1,500 resources
    expect(provider.length).toBeLessThan(60);
  });

  describe("with another backend", () => {
    const folder = join(temporary, "backends");
    beforeAll(() => checkout("backends"));

    test.each<[string, string | undefined, unknown]>([
      [
        "local by default, relative",
        undefined,
        { local: { path: "../../../terraform.trading-platform.tfstate" } },
      ],
      ["none, the pipeline supplies it", "none", undefined],
      [
        "S3 with a lock file",
        '{"type":"s3","bucket":"states","region":"eu-central-1"}',
        {
          s3: {
            bucket: "states",
            region: "eu-central-1",
            key: "trading-platform.tfstate",
            encrypt: true,
            use_lockfile: true,
          },
        },
      ],
    ])("%s", (_name, backend, expected) => {
      expect(synth(folder, backend === undefined ? {} : { BACKEND: backend }).status).toBe(0);
      expect(document(folder).terraform.backend).toEqual(expected);
    });

    test("Terraform Cloud", () => {
      expect(synth(folder, { BACKEND: '{"type":"cloud","organization":"acme"}' }).status).toBe(0);
      expect(document(folder).terraform.cloud).toEqual({
        organization: "acme",
        workspaces: { name: "trading-platform" },
      });
      expect(document(folder).terraform.backend).toBeUndefined();
    });
  });

  describe("with a configuration", () => {
    const folder = join(temporary, "configured");
    beforeAll(() => checkout("configured"));

    const written = (env: NodeJS.ProcessEnv): string => {
      const { status, stderr } = synth(folder, env);
      expect([status, stderr]).toEqual([0, ""]);
      return readFileSync(join(folder, JSON_FILE), "utf8");
    };
    const inContext = (more: object): void => {
      const file = join(folder, "cdktf.json");
      const json = JSON.parse(readFileSync(join(PROJECT, "cdktf.json"), "utf8")) as { context: object };
      writeFileSync(file, JSON.stringify({ ...json, context: { ...json.context, ...more } }));
    };
    afterEach(() => inContext({}));

    const ENVIRONMENT = {
      PREFIX: "acme",
      ENVIRONMENT: "production",
      TAGS: '{"CostCenter":"4711"}',
      REPOSITORIES_OF: "staging",
      TTL: "10",
    };

    test("of environment variables: prefix, environment, tags, repositories, TTL", () => {
      const text = written(ENVIRONMENT);
      expect(text).toContain('"name": "acme-production-trading-platform"');
      expect(text).toContain('"name": "acme-staging/stock-service"');
      expect(text).toMatch(/"CostCenter": "4711",\s+"Environment": "production"/);
      expect(text.split('"ttl": 10')).toHaveLength(5);
    });

    test("of the context in cdktf.json: the same bytes", () => {
      const bytes = written(ENVIRONMENT);
      inContext({
        prefix: "acme",
        environment: "production",
        tags: { CostCenter: "4711" },
        repositories_of: "staging",
        ttl: 10,
      });
      expect(written({})).toBe(bytes);
    });

    test.each([
      ["of no observability", {}, 0, 0],
      ["of observability", { OBSERVABILITY: "true" }, 10, 0],
      ["of observability with DNS queries", { OBSERVABILITY: "with-dns-queries" }, 10, 1],
      ["of observability that is switched off", { OBSERVABILITY: "false" }, 0, 0],
    ])("%s", (_, env, alarms, queryLogs) => {
      const { resource } = JSON.parse(written(env)) as { resource: Record<string, object> };
      expect(Object.keys(resource.aws_cloudwatch_metric_alarm ?? {})).toHaveLength(alarms);
      expect(Object.keys(resource.aws_route53_resolver_query_log_config ?? {})).toHaveLength(queryLogs);
    });

    test("of both: the environment variable counts", () => {
      inContext({ ttl: 10, environment: "staging" });
      const text = written({ TTL: "20", ENVIRONMENT: "production" });
      expect(text).toContain('"name": "production-trading-platform"');
      expect(text.split('"ttl": 20')).toHaveLength(5);
    });

    test("that stacks have no use for: they are as without it", () => {
      const file = join(folder, "cdktf.out", "stacks", "backend-service", "cdk.tf.json");
      const bytesWith = (env: NodeJS.ProcessEnv): string => {
        expect(synth(folder, { STACKS: "backend-service", ...env }).status).toBe(0);
        return readFileSync(file, "utf8");
      };
      expect(bytesWith({ TTL: "10", REPOSITORIES_OF: "staging" })).toBe(bytesWith({}));
    });
  });

  test.each<[string, NodeJS.ProcessEnv, RegExp]>([
    [
      "a stack that there is not",
      { STACKS: "trading-platform,trading" },
      /STACKS is "trading-platform,trading"\n +allowed: all, or names joined by commas: .*trading-platform/,
    ],
    ["no stack at all", { STACKS: " , " }, /STACKS is " , "/],
    [
      "a backend that there is not",
      { BACKEND: "gcs" },
      /BACKEND is gcs\n +allowed: local, none, or an object such as/,
    ],
    ["an S3 backend without a bucket", { BACKEND: '{"type":"s3"}' }, /BACKEND is \{"type":"s3"\}/],
    ["a TTL in parts of seconds", { TTL: "1.5" }, /TTL is "1.5"\n +allowed: a whole number of seconds/],
    ["a TTL with a unit", { TTL: "60s" }, /TTL is "60s"/],
    ["a TTL that is none", { TTL: "" }, /TTL is ""/],
    ["a TTL below zero", { TTL: "-1" }, /TTL is "-1"/],
    ["a TTL beyond Cloud Map", { TTL: "2147483648" }, /TTL is "2147483648"\n.* from 0 to 2147483647/],
    [
      "an environment in upper case",
      { ENVIRONMENT: "Staging" },
      /ENVIRONMENT is "Staging"\n +allowed: 1 to 32 lower case letters/,
    ],
    ["an environment that is none", { ENVIRONMENT: "" }, /ENVIRONMENT is ""/],
    ["a prefix that ends with a hyphen", { PREFIX: "acme-" }, /PREFIX is "acme-"/],
    [
      "repositories of a place with a slash",
      { REPOSITORIES_OF: "acme/x" },
      /REPOSITORIES_OF is "acme\/x"\n[^]*"repositories_of" in the context/,
    ],
    [
      "tags that are no JSON",
      { TAGS: "CostCenter=1" },
      /TAGS is CostCenter=1\n +allowed: an object of texts/,
    ],
    [
      "observability of another kind",
      { OBSERVABILITY: "on" },
      /OBSERVABILITY is "on"\n +allowed: true, false or with-dns-queries/,
    ],
    ["tags that are a list", { TAGS: '["CostCenter"]' }, /TAGS is \["CostCenter"\]/],
    ["a tag that is a number", { TAGS: '{"CostCenter":4711}' }, /TAGS is \{"CostCenter":4711\}/],
    ["a tag that AWS refuses", { TAGS: '{"aws:team":"x"}' }, /trading-platform: tags is "aws:team"/],
    ["a backend that is no JSON", { BACKEND: "{type:s3}" }, /BACKEND is \{type:s3\}/],
  ])("says what is wrong with %s and leaves nothing behind", (name, env, message) => {
    const folder = checkout(`wrong/${name.replaceAll(" ", "-")}`);
    const { status, stderr } = synth(folder, env);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
    expect(existsSync(join(folder, "cdktf.out"))).toBe(false);
  });

  describe("with an app that AWS would not take", () => {
    /** A checkout whose trading platform has a wrong TTL, and a cluster with a wrong name. */
    const wrong = (path: string): string => {
      const folder = checkout(path);
      const file = join(folder, "stacks", "trading-platform.ts");
      const text = readFileSync(file, "utf8");
      const spoiled = text
        .replace('"ecs_cluster")', '"ecs_cluster", { clusterName: "no good" })')
        .replace("const { ttl = 60 } = props;", "const ttl = -1;");
      expect(spoiled).toMatch(/no good[^]*ttl = -1;/);
      writeFileSync(file, spoiled);
      return folder;
    };
    const expectFindings = (printed: string): void => {
      const [cluster, signal, stock] = [
        'trading-platform/ecs_cluster: clusterName is "no good"',
        "trading-platform/signal_processing_service/service_discovery: ttl is -1",
        "trading-platform/stock_service/service_discovery: ttl is -1",
      ].map((line) => printed.indexOf(line));
      expect(cluster).toBeGreaterThanOrEqual(0);
      expect(signal).toBeGreaterThan(cluster ?? -1);
      expect(stock).toBeGreaterThan(signal ?? -1);
      expect(printed).toContain("rule:    cloud-map-ttl (docs/rules.md)");
      expect(printed).not.toMatch(/^ +at .*\.[jt]s:/m);
    };

    test("says all that is wrong, by construct path, and leaves nothing behind", () => {
      const folder = wrong("wrong/app");
      const { status, stderr } = synth(folder);
      expect(status).toBe(1);
      expectFindings(stderr);
      expect(existsSync(join(folder, "cdktf.out"))).toBe(false);
    });

    test("leaves what an earlier run wrote as it was", () => {
      const folder = wrong("wrong/again");
      const before = join(folder, "cdktf.out", "stacks", "trading-platform", "cdk.tf.json");
      mkdirSync(join(before, ".."), { recursive: true });
      writeFileSync(before, "{}");
      expect(synth(folder).status).toBe(1);
      expect(readFileSync(before, "utf8")).toBe("{}");
      expect(readdirSync(join(folder, "cdktf.out"))).toEqual(["stacks"]);
    });

    test("says it through the CDKTF command line too", () => {
      const folder = wrong("wrong/command-line");
      const { status, stderr, stdout } = run(folder, [CDKTF, "synth"]);
      expect(status).not.toBe(0);
      expectFindings(`${stdout}\n${stderr}`);
      expect(existsSync(join(folder, "cdktf.out", "stacks"))).toBe(false);
    });
  });

  describe("with something unwise in it", () => {
    const unwise = (path: string): string => {
      const folder = checkout(path);
      const file = join(folder, "stacks", "trading-platform.ts");
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace("const { ttl = 60 } = props;", "const ttl = 300;"),
      );
      return folder;
    };
    const LINE = "trading-platform/stock_service/service_discovery";

    test("warns, and writes the configuration", () => {
      const folder = unwise("unwise/app");
      const { status, stderr } = synth(folder);
      expect(status).toBe(0);
      expect(stderr).toContain(`warning: ${LINE}: ttl is 300`);
      expect(existsSync(join(folder, JSON_FILE))).toBe(true);
      const manifest = readFileSync(join(folder, "cdktf.out", "manifest.json"), "utf8");
      expect(manifest).toContain("ttl is 300");
      expect(manifest).not.toContain(temporary);
    });

    test("warns once through the CDKTF command line", () => {
      const { stderr, stdout } = run(unwise("unwise/command-line"), [CDKTF, "synth"]);
      expect(`${stdout}${stderr}`.split(`[${LINE}]: ttl is 300`)).toHaveLength(2);
    });
  });
});
