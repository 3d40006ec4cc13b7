import fc from "fast-check";
import { Crossing } from "../src/crossing.js";

const run = (line: readonly number[], other: readonly number[] | number): (string | null)[] => {
  const crossing = new Crossing();
  return line.map((value, index) =>
    crossing.next(value, typeof other === "number" ? other : Number(other[index])),
  );
};

describe("a crossing", () => {
  it("is seen at the one step at which the line is on the other side", () => {
    expect(run([9, 11, 12, 8, 7], 10)).toEqual([null, "above", null, "below", null]);
  });

  it("is not the side on which the line begins", () => {
    expect(run([11, 12], 10)).toEqual([null, null]);
    expect(run([10, 10, 11], 10)).toEqual([null, null, null]);
  });

  it("is not made by touching and turning back", () => {
    expect(run([9, 10, 9, 10, 10, 9], 10)).toEqual([null, null, null, null, null, null]);
  });

  it("comes once, after the equal values, when the line goes through", () => {
    expect(run([9, 10, 10, 11, 10, 11, 10, 9], 10)).toEqual([
      ...[null, null, null, "above"],
      ...[null, null, null, "below"],
    ]);
  });

  it("is not made by rounding errors", () => {
    const mean = Array.from({ length: 20 }, () => 0.1).reduce((sum, price) => sum + price, 0) / 20;
    expect(mean).not.toBe(0.1);
    expect(run([0.1, 0.2, 0.1, 0.1], [mean, 0.1, mean, 0.11])).toEqual([null, null, null, "below"]);
  });

  it("sees small prices as it sees large ones", () => {
    expect(run([9e-6, 11e-6], 10e-6)).toEqual([null, "above"]);
  });

  it("alternates, whatever the lines do", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 60 }), (line) => {
        const crossings = run(line, 0);
        // the reference: signs without the zeros, and where they change
        const sides = line.map(Math.sign);
        const expected = sides.map((side, index) => {
          const before = sides
            .slice(0, index)
            .filter((earlier) => earlier !== 0)
            .pop();
          if (side === 0 || before === undefined || before === side) return null;
          return side > 0 ? "above" : "below";
        });
        expect(crossings).toEqual(expected);
      }),
    );
  });
});
