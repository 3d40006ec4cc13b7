import { TerraformOutput } from "cdktf";
import { Iam } from "../../../../modules/core/iam/iam";
import { ContainerImage } from "../../../../modules/core/storage/container-image";
import { Ecr, type EcrAttributes } from "../../../../modules/core/storage/ecr";
import { refusalOf, stackOf, variable, type SmallStack } from "../../stack-of";

const URL = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/stock-service";
const ARN = "arn:aws:ecr:eu-central-1:123456789012:repository/stock-service";
const bind = (stack: SmallStack, image: ContainerImage): string =>
  image.bind(stack, 'container "web" image', new Iam(stack, "iam"));

describe("an image of an ECR repository", () => {
  const stack = stackOf((stack) => {
    const ecr = new Ecr(stack, "ecr", { repositoryName: "stock-service" });
    const image = ContainerImage.fromEcr(ecr, "1.4.2");
    new TerraformOutput(stack, "image", { value: bind(stack, image) });
  });

  test("is named by the repository's URL and the tag", () => {
    expect(stack.output("image")).toBe("${aws_ecr_repository.ecr.repository_url}:1.4.2");
  });

  test("may be pulled by the execution role; only the login is for the whole registry", () => {
    expect(stack.json("aws_iam_role_policy.ecs_task_execution_role", "policy")).toMatchObject({
      Statement: [
        { Sid: "EcrLogin", Action: "ecr:GetAuthorizationToken", Resource: "*" },
        {
          Sid: "PullImages",
          Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          Resource: "${aws_ecr_repository.ecr.arn}",
        },
      ],
    });
  });

  test("may have a tag that only Terraform knows", () => {
    const stack = stackOf((stack) => {
      const ecr = Ecr.fromEcrAttributes(stack, { repositoryUrl: URL });
      const image = ContainerImage.fromEcr(ecr, variable(stack, "tag").stringValue);
      new TerraformOutput(stack, "image", { value: bind(stack, image) });
    });
    expect(stack.output("image")).toBe(`${URL}:\${var.tag}`);
  });

  const tagged = (tag: string) => (stack: SmallStack) =>
    void bind(stack, ContainerImage.fromEcr(Ecr.fromEcrAttributes(stack, { repositoryUrl: URL }), tag));

  test.each(["latest", "1", "_x", "v1.2.3-rc_1", "a".repeat(128)])("may have the tag %s", (tag) => {
    expect(() => stackOf(tagged(tag))).not.toThrow();
  });
  test.each(["", ".1", "-1", "a b", "a:b", "a/b", "a".repeat(129)])("cannot have the tag %p", (tag) => {
    expect(refusalOf(tagged(tag))).toContain('container "web" image tag is');
  });
});

describe("an image by its digest", () => {
  const DIGEST = `sha256:${"0a".repeat(32)}`;

  test("is named by the repository's URL and the digest, and may be pulled", () => {
    const stack = stackOf((stack) => {
      const image = ContainerImage.fromEcr(Ecr.fromEcrAttributes(stack, { repositoryUrl: URL }), DIGEST);
      new TerraformOutput(stack, "image", { value: bind(stack, image) });
    });
    expect(stack.output("image")).toBe(`${URL}@${DIGEST}`);
    expect(stack.resource("aws_iam_role_policy.ecs_task_execution_role").policy).toContain("PullImages");
  });

  test("of another registry warns about nothing", () => {
    expect(() =>
      stackOf((stack) => void bind(stack, ContainerImage.fromRegistry(`nginx@${DIGEST}`))),
    ).not.toThrow();
  });
});

describe("an image of a private ECR repository that is given as one that anybody may pull", () => {
  test("is rejected with the call that gives the right to pull it", () => {
    const image = ContainerImage.fromRegistry(`${URL}:1.2.3`);
    const call = `give ContainerImage.fromEcr(Ecr.fromEcrAttributes(scope, { repositoryUrl: "${URL}" }), "1.2.3")`;
    expect(refusalOf((stack) => void bind(stack, image))).toContain(call);
  });
});

describe("an image of a repository that exists already", () => {
  const policyFor = (make: (stack: SmallStack) => EcrAttributes): unknown =>
    stackOf((stack) => {
      bind(stack, ContainerImage.fromEcr(Ecr.fromEcrAttributes(stack, make(stack)), "1"));
    }).resource("aws_iam_role_policy.ecs_task_execution_role").policy;

  test("may be pulled by the ARN that is given", () => {
    expect(policyFor(() => ({ repositoryUrl: URL, repositoryArn: ARN }))).toContain(`"Resource":"${ARN}"`);
  });

  const partition = "${data.aws_partition.current.partition}";

  test("may be pulled by the ARN that its URL stands for", () => {
    expect(policyFor(() => ({ repositoryUrl: URL }))).toContain(
      `"arn:${partition}:ecr:eu-central-1:123456789012:repository/stock-service"`,
    );
  });

  test("may be pulled by the ARN that the URL will stand for", () => {
    const [region, account, name] = [
      'element(split(".", var.url), 3)',
      'element(split(".", var.url), 0)',
      'replace(var.url, "/^[^/]+//", "")',
    ].map((expression) => `\${${expression}}`);
    expect(policyFor((stack) => ({ repositoryUrl: variable(stack, "url").stringValue }))).toContain(
      `arn:${partition}:ecr:${region}:${account}:repository/${name}"`,
    );
  });

  test.each([
    URL,
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/stock",
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/stock_service.v2",
  ])("may be at %s", (repositoryUrl) => {
    expect(() => policyFor(() => ({ repositoryUrl }))).not.toThrow();
  });

  test.each(["docker.io/library/nginx", `https://${URL}`, `${URL}:latest`, "stock-service", ""])(
    "cannot be at %p: the right to pull would name nothing",
    (repositoryUrl) => expect(() => policyFor(() => ({ repositoryUrl }))).toThrow("small: repositoryUrl is"),
  );
});

describe("an image that anybody may pull", () => {
  test("is named as it is given and needs no permission", () => {
    const name = `public.ecr.aws/nginx/nginx@sha256:${"0123".repeat(16)}`;
    const stack = stackOf((stack) => {
      expect(bind(stack, ContainerImage.fromRegistry(name))).toBe(name);
    });
    expect(stack.addresses("aws_iam_role_policy")).toEqual([]);
  });

  test.each(["", "nginx latest", "nginx;rm", `a${"b".repeat(255)}`])("cannot be named %p", (name) => {
    expect(refusalOf((stack) => void bind(stack, ContainerImage.fromRegistry(name)))).toContain(
      'container "web" image is',
    );
  });
  test("may have a name of 255 characters", () => {
    expect(() =>
      stackOf((stack) => void bind(stack, ContainerImage.fromRegistry("a".repeat(255)))),
    ).not.toThrow();
  });
});
