import { policyDocument, PolicyStatements, type Statement } from "../../../../modules/core/iam/policy";
import { SmallStack, testApp } from "../../stack-of";

interface Document {
  readonly Version: string;
  readonly Statement: readonly Record<string, unknown>[];
}

const parse = (json: string): Document => JSON.parse(json) as Document;
const merged = (...statements: Statement[]): readonly Record<string, unknown>[] => {
  const policy = new PolicyStatements(new SmallStack(testApp()));
  statements.forEach((statement) => policy.add(statement));
  return parse(policy.toJson()).Statement;
};
const read: Statement = { sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"] };

describe("a policy document", () => {
  test("has the version that knows variables, and allows where nothing is said", () => {
    expect(parse(policyDocument([read]))).toEqual({
      Version: "2012-10-17",
      Statement: [{ Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" }],
    });
  });

  test("writes a list of one as the bare value and a longer one as a list: so IAM gives it back", () => {
    const [statement] = parse(
      policyDocument([
        { ...read, actions: ["s3:GetObject", "s3:PutObject"], principal: { AWS: ["role-a"] } },
      ]),
    ).Statement;
    expect(statement).toMatchObject({
      Action: ["s3:GetObject", "s3:PutObject"],
      Principal: { AWS: "role-a" },
    });
  });

  test("has principals of all three kinds, conditions and refusals", () => {
    const conditions = { Bool: { "aws:SecureTransport": "false" } };
    const statements = parse(
      policyDocument([
        { sid: "A", effect: "Deny", principal: "*", actions: ["*"], conditions },
        { sid: "B", principal: { Service: "ecs-tasks.amazonaws.com" }, actions: ["sts:AssumeRole"] },
        { sid: "C", principal: { AWS: ["role-a", "role-b"] }, actions: ["s3:*"] },
      ]),
    ).Statement;
    expect(statements).toEqual([
      { Sid: "A", Effect: "Deny", Principal: "*", Action: "*", Condition: conditions },
      {
        Sid: "B",
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
      { Sid: "C", Effect: "Allow", Principal: { AWS: ["role-a", "role-b"] }, Action: "s3:*" },
    ]);
  });
});

describe("statements with one sid", () => {
  test("become one with the resources of all, each once, in the order they came", () => {
    const statements = merged(read, { ...read, resources: ["arn:aws:s3:::b/*"] }, read);
    expect(statements).toEqual([
      expect.objectContaining({ Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"] }),
    ]);
  });

  test("become one with the principals of all, each once", () => {
    const trust = (role: string): Statement => ({ ...read, principal: { AWS: [role] } });
    expect(merged(trust("a"), trust("b"), trust("a"))).toMatchObject([{ Principal: { AWS: ["a", "b"] } }]);
  });

  test("keep a principal that is not a list", () => {
    expect(merged({ ...read, principal: "*" }, { ...read, principal: "*" })).toMatchObject([
      { Principal: "*" },
    ]);
  });

  test("have no resource where none of them has one", () => {
    const [statement] = merged(
      { sid: "T", actions: ["sts:AssumeRole"] },
      { sid: "T", actions: ["sts:AssumeRole"] },
    );
    expect(statement).not.toHaveProperty("Resource");
  });

  test.each([
    ["actions", { actions: ["s3:PutObject"] }, "s3:PutObject"],
    ["conditions", { conditions: { StringEquals: { "s3:prefix": "b" } } }, "s3:prefix"],
    ["effect", { effect: "Deny" as const }, "Deny"],
  ])("and other %s are refused or kept, never lost in silence", (_, difference, kept) => {
    const outcome = (): string => {
      try {
        return JSON.stringify(merged(read, { ...read, ...difference }));
      } catch (error) {
        return `refused ${kept}: ${String(error)}`;
      }
    };
    expect(outcome()).toContain(kept);
  });
});

test("statements of different sids stay apart, in the order in which they first came", () => {
  const other = { ...read, sid: "Other" };
  expect(merged(read, other, read).map(({ Sid }) => Sid)).toEqual(["Read", "Other"]);
});
