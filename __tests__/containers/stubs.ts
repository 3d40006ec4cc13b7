import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./dockerfile";

export const PASSWORD = "the-password-of-the-registry";

/** Every program writes down what it was called with, one line a call, each word in brackets. */
const PROGRAMS = {
  terraform: `
    [ -n "$TERRAFORM_FAILS" ] && { echo "Error: Backend initialization required" >&2; exit 1; }
    printf '%s' "$OUTPUTS"`,
  aws: `
    case "$2" in
      get-login-password) [ -n "$LOGIN_FAILS" ] && exit 255; echo ${PASSWORD};;
      describe-images)
        case "$*" in *"$PRESENT"*) echo '{}'; exit 0;; esac
        echo "An error occurred (\${ECR_ERROR:-ImageNotFoundException}) when calling DescribeImages" >&2; exit 254;;
    esac`,
  docker: `
    case "$1 $2" in
      "buildx version") exit \${BUILDX:-0};;
      "buildx build") echo built; exit \${BUILD:-0};;
      login*) /bin/cat > "$CALLS.stdin";;
    esac`,
};

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The calls of programs, in order: `docker[login][--username]...`. */
  readonly calls: readonly string[];
  /** What `docker login` was given on its standard input. */
  readonly password: string | undefined;
}

export interface Setting {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly without?: keyof typeof PROGRAMS;
}

/** Runs `scripts/push-images.ts` where the only programs are stubs. */
export function pushImages({ args = [], env = {}, input = "", without }: Setting): Result {
  const folder = mkdtempSync(join(tmpdir(), "push-images-"));
  const calls = join(folder, "calls");
  try {
    for (const [name, body] of Object.entries(PROGRAMS)) {
      if (name === without) continue;
      const log = `{ printf '${name}'; printf '[%s]' "$@"; echo; } >> "$CALLS"`;
      writeFileSync(join(folder, name), `#!/bin/sh\n${log}\n${body}\n`, { mode: 0o755 });
    }
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", join(ROOT, "scripts", "push-images.ts"), ...args],
      {
        cwd: ROOT,
        encoding: "utf8",
        input,
        env: { PATH: folder, CALLS: calls, PRESENT: "no such image", HOME: folder, ...env },
      },
    );
    const read = (file: string): string | undefined =>
      existsSync(file) ? readFileSync(file, "utf8") : undefined;
    return {
      status,
      stdout,
      stderr,
      calls: (read(calls) ?? "").split("\n").filter((line) => line !== ""),
      password: read(`${calls}.stdin`),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
