import { Construct } from "constructs";
import { Listener, type ListenerProps } from "../../../../modules/core/load-balancing/listener";
import { refusalOf, SmallStack, stackOf, testApp, valuesOf, variable } from "../../stack-of";

const CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0123";
const NOT_FOUND = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } };
const listener = (stack: SmallStack, props: Partial<ListenerProps> = {}): Listener =>
  new Listener(stack, "http", { loadBalancerArn: "arn:lb", port: 80, defaultAction: NOT_FOUND, ...props });
const made = (props: Partial<ListenerProps> = {}) =>
  stackOf((stack) => listener(stack, props)).resource("aws_lb_listener.http");

describe("a listener", () => {
  test("speaks HTTP, and does what it is told with requests that no rule matches", () => {
    expect(made()).toMatchObject({
      load_balancer_arn: "arn:lb",
      port: 80,
      protocol: "HTTP",
      default_action: [
        { type: "fixed-response", fixed_response: { content_type: "text/plain", status_code: "404" } },
      ],
    });
    expect(made()).not.toHaveProperty("ssl_policy");
    expect(made()).not.toHaveProperty("certificate_arn");
  });

  test("speaks TLS 1.3 and 1.2 with a certificate, or what else is asked for", () => {
    const https = { port: 443, certificateArn: CERTIFICATE };
    expect(made(https)).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      certificate_arn: CERTIFICATE,
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    });
    const sslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
    expect(made({ ...https, sslPolicy }).ssl_policy).toBe(sslPolicy);
  });

  test("may have a certificate that only Terraform knows, and one in IAM", () => {
    const stack = stackOf((stack) => {
      listener(stack, { certificateArn: variable(stack, "certificate_arn").stringValue });
    });
    expect(stack.resource("aws_lb_listener.http")).toMatchObject({
      protocol: "HTTPS",
      certificate_arn: "${var.certificate_arn}",
    });
    expect(() => made({ certificateArn: "arn:aws:iam::123456789012:server-certificate/x" })).not.toThrow();
  });

  test.each(["x", "", "arn:aws:s3:::bucket"])("cannot have the certificate %j", (certificateArn) => {
    expect(refusalOf((stack) => listener(stack, { certificateArn }))).toContain("small/http: certificateArn");
  });

  test.each([0, 65536, 1.5])("cannot be on port %d", (port) => {
    expect(refusalOf((stack) => listener(stack, { port }))).toContain("the port that callers use");
  });

  test("gives out its ARN", () => {
    expect(valuesOf((stack) => ({ arn: listener(stack).listenerArn }))).toEqual({
      arn: "${aws_lb_listener.http.arn}",
    });
  });
});

describe("requests that no rule matches", () => {
  const forward = (stack: SmallStack, made: Listener, id: string) =>
    made.forwardByDefault(new Construct(stack, id), `arn:${id}`);

  test("can go to one service, which then waits for the listener", () => {
    const stack = stackOf((stack) => {
      expect(forward(stack, listener(stack), "products").terraformResourceType).toBe("aws_lb_listener");
    });
    expect(stack.resource("aws_lb_listener.http").default_action).toEqual([
      { type: "forward", target_group_arn: "arn:products" },
    ]);
  });

  test("cannot go to two, and the error names both", () => {
    const message = refusalOf((stack) => {
      const both = listener(stack);
      forward(stack, both, "products");
      forward(stack, both, "shop");
    });
    expect(message).toMatch(/^small\/shop: host is not given\n.*small\/products gets such requests\n.*mend:/);
  });

  test("cannot go to a service where something else was asked for", () => {
    const message = refusalOf((stack) => {
      forward(stack, listener(stack, { isDefaultActionFixed: true }), "products");
    });
    expect(message).toMatch(/^small\/products: host is not given\n.*the `defaultAction` of small/);
  });

  test("cannot go to a service of another stack: each stack would need the other first", () => {
    const app = testApp();
    const [one, two] = [new SmallStack(app, "one"), new SmallStack(app, "two")];
    expect(() => forward(two, listener(one), "products")).toThrow(/^two\/products: host is not given/);
  });

  test("cannot go to a service where the listener exists already", () => {
    const message = refusalOf((stack) => {
      const imported = Listener.fromListenerAttributes(stack, { listenerArn: "arn:x", port: 80 });
      imported.forwardByDefault(stack, "arn:group");
    });
    expect(message).toMatch(/^small: host is not given\n.*its default action is not this app's/);
  });
});

test("a listener that exists already speaks HTTP unless told otherwise", () => {
  stackOf((stack) => {
    const attributes = { listenerArn: "arn:x", port: 8080 };
    expect(Listener.fromListenerAttributes(stack, attributes)).toMatchObject({
      ...attributes,
      protocol: "HTTP",
    });
    const https = { ...attributes, protocol: "HTTPS" } as const;
    expect(Listener.fromListenerAttributes(stack, https)).toMatchObject(https);
  });
  expect(
    refusalOf((stack) => Listener.fromListenerAttributes(stack, { listenerArn: "arn:x", port: 0 })),
  ).toContain("port is 0");
});
