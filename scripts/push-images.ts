import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { IMAGE_TAG } from "../modules/core/storage/container-image";
import { indented, ScriptError, ROOT, run, shell, type Command } from "./commands";
import { readOutputs, type Outputs } from "./stack-outputs";
import { FLAG, readArguments, TEXT } from "./flags";

const SERVICES: readonly string[] = ["stock-service", "signal-processing-service"];
const PLATFORMS = "linux/amd64,linux/arm64";
/** What the stack's variables `..._image_tag` are where nobody sets them. */
const DEFAULT_TAG = "1.0.0";
const DEFAULT_FOLDER = "cdktf.out/stacks/trading-platform";
const REPOSITORY_URL =
  /^(?<registry>(?<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)\/(?<name>[a-z0-9._/-]+)$/;

const HELP = `Builds the images of apps/ for ${PLATFORMS} and pushes them to the ECR repositories of the trading platform.

  npm run images:push -- [options] [${SERVICES.join("] [")}]

Without names of services it pushes both.

  --tag <tag>        tag of the images; default: ${DEFAULT_TAG}, as in the stack's variables
  --folder <folder>  where \`terraform output -json\` tells the repositories; default: ${DEFAULT_FOLDER}
  --outputs <file>   a file with what \`terraform output -json\` printed instead, - for standard input
  --dry-run          asks for the outputs, prints the other commands and runs none of them
`;

interface Image {
  readonly service: string;
  /** `<registry>/<name>:<tag>`. */
  readonly image: string;
  readonly registry: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    say(HELP);
    return;
  }
  const { tag, services, dryRun } = options;
  if (!dryRun) checkTools();
  const outputs = readOutputs(options);
  const images = services.map((service) => imageOf(service, outputs, tag));
  const registries = new Map(images.map((image) => [image.registry, image]));
  if (dryRun) {
    const commands = [
      ...images.map((image) => shell(lookUp(image, tag))),
      ...[...registries.values()].map((image) => login(image).map(shell).join(" | ")),
      ...images.map((image) => shell(build(image, tag))),
    ];
    say(`${commands.join("\n")}\n`);
    return;
  }
  // all of it before the first build: half a push is no use
  for (const image of images) checkIsFree(image, tag);
  for (const image of registries.values()) await logIn(image);
  for (const image of images) {
    say(`\n${shell(build(image, tag))}\n`);
    await buildAndPush(build(image, tag));
  }
  say(`\nPushed, for ${PLATFORMS}:\n${images.map(({ image }) => `  ${image}\n`).join("")}`);
  if (tag === DEFAULT_TAG) return;
  const variables = services.map((service) => `-var ${prefixOf(service)}_image_tag=${tag}`);
  say(`To run it: terraform apply ${variables.join(" ")}, with your other variables\n`);
}

interface Options {
  readonly tag: string;
  readonly services: readonly string[];
  readonly folder: string;
  readonly outputs: string | undefined;
  readonly dryRun: boolean;
}

/** Undefined where help is asked for. */
function readOptions(): Options | undefined {
  const { values, positionals } = readArguments("npm run images:push", {
    tag: TEXT,
    folder: TEXT,
    outputs: TEXT,
    "dry-run": FLAG,
  });
  if (values.help) return undefined;
  const { tag = DEFAULT_TAG, folder, outputs } = values;
  if (!new RegExp(IMAGE_TAG).test(tag) || tag === "latest") {
    throw new ScriptError(`--tag is ${JSON.stringify(tag)}`, {
      allowed: "1 to 128 letters, digits and _ . -, not starting with . or -, and not latest",
      mend: "give the version that this is, for example 1.4.2",
    });
  }
  const unknown = positionals.filter((name) => !SERVICES.includes(name));
  if (unknown.length > 0) {
    throw new ScriptError(`there is no service ${unknown.join(", ")}`, {
      allowed: SERVICES.join(", "),
      mend: "name one of these, or none for both",
    });
  }
  if (folder !== undefined && outputs !== undefined) {
    throw new ScriptError("--folder and --outputs are both given", {
      mend: "give the one that knows the repositories",
    });
  }
  return {
    tag,
    services: positionals.length > 0 ? SERVICES.filter((name) => positionals.includes(name)) : SERVICES,
    folder: folder ?? DEFAULT_FOLDER,
    outputs,
    dryRun: values["dry-run"] ?? false,
  };
}

function checkTools(): void {
  run(["aws", "--version"]);
  const { status } = run(["docker", "buildx", "version"]);
  if (status === 0) return;
  throw new ScriptError("docker has no buildx, which builds for two processors at once", {
    mend: "install the plugin: https://docs.docker.com/build/install-buildx/",
  });
}

function imageOf(service: string, outputs: Outputs, tag: string): Image {
  const output = `${prefixOf(service)}_repository_url`;
  const url = outputs[output]?.value;
  if (url === undefined) {
    const known = Object.keys(outputs).join(", ");
    throw new ScriptError(
      `there is no output ${output}; there ${known ? `are ${known}` : "is none at all"}`,
      {
        mend: "run terraform apply of the stack trading-platform first: it makes the repositories",
      },
    );
  }
  const groups = typeof url === "string" ? REPOSITORY_URL.exec(url)?.groups : undefined;
  if (groups === undefined) {
    throw new ScriptError(`the output ${output} is ${JSON.stringify(url)}`, {
      allowed: "<account>.dkr.ecr.<region>.amazonaws.com/<name>",
      mend: "give the outputs of the stack trading-platform",
    });
  }
  const { registry = "", account = "", region = "", name = "" } = groups;
  return { service, image: `${url as string}:${tag}`, registry, account, region, name };
}

function lookUp({ account, region, name }: Image, tag: string): Command {
  const repository = ["--registry-id", account, "--region", region, "--repository-name", name];
  return ["aws", "ecr", "describe-images", ...repository, "--image-ids", `imageTag=${tag}`];
}

/** Tags are immutable: a push of one that is there would fail, after all of the building. */
function checkIsFree(image: Image, tag: string): void {
  const { status, stderr } = run(lookUp(image, tag));
  if (status === 0) {
    throw new ScriptError(`${image.image} is there already, and a tag names one image for ever`, {
      mend: `give another --tag; if only the other image is missing: ${SERVICES.filter((name) => name !== image.service).join()}`,
    });
  }
  if (stderr.includes("ImageNotFoundException")) return;
  const isMissing = stderr.includes("RepositoryNotFoundException");
  throw new ScriptError(`aws cannot tell whether ${image.image} is there:\n${indented(stderr)}`, {
    mend: isMissing
      ? "run terraform apply first, or give the outputs of the deployment that is there"
      : `use credentials of account ${image.account} that may do ecr:DescribeImages, ecr:GetAuthorizationToken and push`,
  });
}

function login({ registry, region }: Image): [Command, Command] {
  return [
    ["aws", "ecr", "get-login-password", "--region", region],
    ["docker", "login", "--username", "AWS", "--password-stdin", registry],
  ];
}

/** The password goes from one program to the other and is never seen here. */
async function logIn(image: Image): Promise<void> {
  const [[aws, ...awsArgs], [docker, ...dockerArgs]] = login(image);
  const source = spawn(aws, awsArgs, { stdio: ["ignore", "pipe", "inherit"] });
  const sink = spawn(docker, dockerArgs, { stdio: [source.stdout, "inherit", "inherit"] });
  // docker has it now; what nobody reads here would never close
  source.stdout.destroy();
  const [got, given] = await Promise.all([exitCode(source), exitCode(sink)]);
  if (got !== 0) {
    throw new ScriptError(`aws gives no password for ${image.registry}`, {
      mend: `use credentials that may do ecr:GetAuthorizationToken; \`aws sts get-caller-identity\` tells whose they are`,
    });
  }
  if (given === 0) return;
  throw new ScriptError(`docker cannot log in to ${image.registry}`, {
    mend: "see what it says above: the registry must be reachable, and docker be able to keep the password",
  });
}

function build({ service, image }: Image, tag: string): Command {
  const what = ["--file", `apps/${service}/Dockerfile`, "--build-arg", `VERSION=${tag}`, "--tag", image];
  return ["docker", "buildx", "build", "--platform", PLATFORMS, ...what, "--push", "."];
}

async function buildAndPush([program, ...args]: Command): Promise<void> {
  const status = await exitCode(spawn(program, args, { cwd: ROOT, stdio: "inherit" }));
  if (status === 0) return;
  throw new ScriptError(`docker buildx build ended with exit code ${status ?? "none, by a signal"}`, {
    mend:
      "see what it says above. Where it cannot build for several platforms: docker buildx create --use --bootstrap. " +
      "Where it says `exec format error`: docker run --privileged --rm tonistiigi/binfmt --install all",
  });
}

/** Null where a signal ended it. */
async function exitCode(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}

function prefixOf(service: string): string {
  return service.replaceAll("-", "_");
}

function say(text: string): void {
  process.stdout.write(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof ScriptError ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
