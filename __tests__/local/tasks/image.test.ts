import { commandOf, localImageOf, repositoryOf } from "../../../local/tasks/image";

const container = (image: string): { name: string; image: string } => ({ name: "web", image });

describe("local images", () => {
  test.each([
    ["nginx", "nginx"],
    ["nginx:1.27", "nginx"],
    ["team/web:1", "team/web"],
    ["123456789012.dkr.ecr.us-east-1.amazonaws.com/stock-service:1.2.0", "stock-service"],
    ["public.ecr.aws/nginx/nginx:1.27", "nginx/nginx"],
    ["localhost:5000/web", "web"],
    [`web@sha256:${"0".repeat(64)}`, "web"],
  ])("%s is of the repository %s", (image, repository) => expect(repositoryOf(image)).toBe(repository));

  test("the name with the registry comes before the one without", () => {
    const [general, special] = [
      { command: ["a"], cwd: "/" },
      { command: ["b"], cwd: "/" },
    ];
    const images = { web: general, "localhost:5000/web": special };
    expect(localImageOf(container("localhost:5000/web:1"), images)).toBe(special);
    expect(localImageOf(container("web:1"), images)).toBe(general);
    expect(() => localImageOf(container("other:2"), images)).toThrow(
      /nothing|no local command stands for the image other:2.*\{ "other": \{ command: \[\.\.\.\], cwd: \.\.\. \} \}; there are web, localhost:5000\/web/,
    );
  });

  const image = { entryPoint: ["entry"], command: ["command"], cwd: "/" };
  test.each([
    [{}, ["entry", "command"]],
    [{ command: ["other"] }, ["entry", "other"]],
    [{ entryPoint: ["own"] }, ["own"]],
    [{ entryPoint: ["own"], command: ["other"] }, ["own", "other"]],
    [{ entryPoint: [], command: [] }, ["entry", "command"]],
  ])("the container's %j makes %j, as in Docker", (overrides, expected) =>
    expect(commandOf({ ...container("web"), ...overrides }, image)).toEqual(expected),
  );

  test("no command at all is refused", () => {
    expect(() => commandOf(container("web"), { command: [], cwd: "/" })).toThrow(
      'the container "web" has no command',
    );
  });
});
