import { EcrLifecyclePolicy } from "../../../../modules/core/storage/ecr-lifecycle";
import { judging, SmallStack, testApp } from "../../stack-of";

const stack = new SmallStack(testApp());
const policy = (): EcrLifecyclePolicy => new EcrLifecyclePolicy();
const rules = (of: EcrLifecyclePolicy): unknown => (JSON.parse(of.toJson(stack)) as { rules: unknown }).rules;
const many = (count: number): EcrLifecyclePolicy =>
  Array.from({ length: count }).reduce<EcrLifecyclePolicy>(
    (all) => all.expire("untagged", { moreThan: 1 }),
    policy(),
  );

describe("a lifecycle policy", () => {
  test("has its rules in the order of the calls, with priorities from 1", () => {
    const made = policy()
      .expire({ tagPatterns: ["release-*", "v*"] }, { moreThan: 50 })
      .expire("untagged", { olderThanDays: 1 })
      .expire("any", { moreThan: 10 });
    expect(rules(made)).toEqual([
      {
        rulePriority: 1,
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["release-*", "v*"],
          countType: "imageCountMoreThan",
          countNumber: 50,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: 1,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 3,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 10 },
        action: { type: "expire" },
      },
    ]);
  });

  test("can be written twice: writing does not use it up", () => {
    const made = EcrLifecyclePolicy.standard();
    expect(made.toJson(stack)).toBe(made.toJson(stack));
    expect(EcrLifecyclePolicy.standard()).not.toBe(EcrLifecyclePolicy.standard());
  });

  test.each([1, 50])("may have %i rules", (count) =>
    expect(judging((stack) => many(count).toJson(stack))).not.toThrow(),
  );
  test.each([0, 51])("cannot have %i rules", (count) => {
    expect(judging((stack) => many(count).toJson(stack))).toThrow("1 to 50 rules");
  });

  test('has "any" last: it selects every image', () => {
    const made = policy().expire("any", { moreThan: 10 }).expire("untagged", { olderThanDays: 1 });
    expect(judging((stack) => made.toJson(stack))).toThrow(
      /lifecyclePolicy rule 1 is "any"[^]*in the last rule only/,
    );
  });

  test.each([[["a"]], [["*-*-*-*"]], [["a".repeat(128)]], [["a", "b"]]])(
    "may select the tags %j",
    (tagPatterns) => {
      expect(
        judging((stack) => policy().expire({ tagPatterns }, { moreThan: 1 }).toJson(stack)),
      ).not.toThrow();
    },
  );
  test.each([[[]], [[""]], [["*-*-*-*-*"]], [["a".repeat(129)]], [["a", ""]]])(
    "cannot select the tags %j",
    (tagPatterns) => {
      expect(judging((stack) => policy().expire({ tagPatterns }, { moreThan: 1 }).toJson(stack))).toThrow(
        "at most four *",
      );
    },
  );

  test.each([1, 2147483647])("may keep %i images or days", (n) => {
    expect(judging((stack) => policy().expire("any", { moreThan: n }).toJson(stack))).not.toThrow();
    expect(judging((stack) => policy().expire("any", { olderThanDays: n }).toJson(stack))).not.toThrow();
  });
  test.each([0, -1, 1.5, 2147483648])("cannot keep %d images or days", (n) => {
    expect(judging((stack) => policy().expire("any", { moreThan: n }).toJson(stack))).toThrow("rule 1");
    expect(judging((stack) => policy().expire("any", { olderThanDays: n }).toJson(stack))).toThrow("rule 1");
  });
});
