import { checkFargateSize } from "../../../../modules/core/compute/fargate-size";
import { judging, SmallStack, testApp, variable } from "../../stack-of";

const give = (cpu: number, memory: number) => judging((stack) => checkFargateSize(stack, cpu, memory));

/** cpu, smallest and largest memory, step: AWS's table. */
const TABLE = [
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16384, 1024],
  [4096, 8192, 30720, 1024],
  [8192, 16384, 61440, 4096],
  [16384, 32768, 122880, 8192],
] as const;

describe.each(TABLE)("%i CPU units", (cpu, smallest, largest, step) => {
  test(`take ${smallest} to ${largest} MiB in steps of ${step}`, () => {
    for (let memory = smallest; memory <= largest; memory += step) {
      expect(give(cpu, memory)).not.toThrow();
    }
  });
  test.each([smallest - step, largest + step, smallest + step / 2, smallest + 1])(
    "do not take %i MiB",
    (memory) => {
      expect(give(cpu, memory)).toThrow(`with cpu ${cpu}: ${smallest}`);
    },
  );
});

describe.each([
  [256, [512, 1024, 2048], [256, 1536, 3072]],
  [32768, [61440, 122880, 249856], [65536, 122881, 245760]],
])("%i CPU units", (cpu, good, bad) => {
  test.each(good)("take %i MiB", (memory) => expect(give(cpu, memory)).not.toThrow());
  test.each(bad)("do not take %i MiB", (memory) => expect(give(cpu, memory)).toThrow("memory is"));
});

test.each([0, 1, 128, 300, 1000, 65536])(
  "there is no task of %i CPU units, and the message lists those there are",
  (cpu) => {
    expect(give(cpu, 512)).toThrow(/cpu is .*\n.*256, 512, 1024, 2048, 4096, 8192, 16384 or 32768/);
  },
);

test("a memory that other sizes have is answered with those sizes", () => {
  expect(give(256, 4096)).toThrow("keep the memory and give cpu 512 or 1024 or 2048");
});

test("a memory that no size has is answered with that", () => {
  expect(give(256, 777)).toThrow("another pair of cpu and memory");
});

test("a size that only Terraform knows is left to Terraform", () => {
  const unknown = variable(new SmallStack(testApp()), "cpu", "number").numberValue;
  expect(give(unknown, 777)).not.toThrow();
  expect(give(256, unknown)).not.toThrow();
});
