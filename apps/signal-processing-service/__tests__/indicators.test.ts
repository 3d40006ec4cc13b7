import fc from "fast-check";
import type { Reading } from "../src/indicator.js";
import {
  INDICATOR_NAMES,
  type IndicatorName,
  MAX_WINDOW,
  PARAMETERS,
  type ParameterValues,
  createIndicator,
  parametersOf,
  withDefaults,
} from "../src/indicators.js";

/** The readings of an indicator at each of these closing prices. */
function read(name: IndicatorName, parameters: ParameterValues, closes: readonly number[]): Reading[] {
  const indicator = createIndicator(name, withDefaults(name, parameters));
  return closes.map((close) => indicator.next(close));
}

const valuesOf = (readings: readonly Reading[]): Reading["value"][] => readings.map(({ value }) => value);
/** Signals as `index action reason`. */
const signalsOf = (readings: readonly Reading[]): string[] =>
  readings.flatMap(({ signals }, index) =>
    signals.map(({ action, reason }) => `${index} ${action} ${reason}`),
  );

const prices = fc.array(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
  { maxLength: 80 },
);
const window = fc.integer({ min: 2, max: 12 });

/** Equal up to rounding, nulls and names included. */
function expectClose(actual: readonly Reading["value"][], expected: readonly Reading["value"][]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, index) => {
    const wanted = expected[index] ?? null;
    if (value === null || wanted === null) {
      expect({ index, value }).toEqual({ index, value: wanted });
      return;
    }
    const [a, b] = [value, wanted].map((side) => (typeof side === "number" ? { "": side } : side));
    expect(Object.keys(a ?? {}).sort()).toEqual(Object.keys(b ?? {}).sort());
    for (const [key, number] of Object.entries(a ?? {})) expect(number).toBeCloseTo(Number(b?.[key]), 6);
  });
}

/* The definitions, written down as they are in textbooks: over all prices each time, nothing carried along. */
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const naiveSma = (closes: readonly number[], n: number): (number | null)[] =>
  closes.map((_, i) => (i + 1 < n ? null : mean(closes.slice(i + 1 - n, i + 1))));

/** Σ of all prices with weights α(1-α)^age, the first price having all the weight that is left. */
function emaAt(values: readonly number[], n: number, i: number): number {
  const alpha = 2 / (n + 1);
  let sum = Number(values[0]) * (1 - alpha) ** i;
  for (let j = 1; j <= i; j += 1) sum += alpha * (1 - alpha) ** (i - j) * Number(values[j]);
  return sum;
}

const naiveEma = (closes: readonly number[], n: number): (number | null)[] =>
  closes.map((_, i) => (i + 1 < n ? null : emaAt(closes, n, i)));

function naiveRsi(closes: readonly number[], n: number): (number | null)[] {
  const changes = closes.slice(1).map((close, i) => close - Number(closes[i]));
  const wilder = (sizes: readonly number[], i: number): number => {
    let average = mean(sizes.slice(0, n));
    for (const size of sizes.slice(n, i)) average = (average * (n - 1) + size) / n;
    return average;
  };
  return closes.map((_, i) => {
    if (i < n || changes.slice(0, i).every((change) => change === 0)) return null;
    const up = wilder(
      changes.map((change) => Math.max(change, 0)),
      i,
    );
    const down = wilder(
      changes.map((change) => Math.max(-change, 0)),
      i,
    );
    return (100 * up) / (up + down);
  });
}

function naiveMacd(
  closes: readonly number[],
  fast: number,
  slow: number,
  signal: number,
): Reading["value"][] {
  const line = closes.map((_, i) => emaAt(closes, fast, i) - emaAt(closes, slow, i)).slice(slow - 1);
  return closes.map((_, i) => {
    const at = i - slow + 1;
    if (at < signal - 1) return null;
    const macd = Number(line[at]);
    const average = emaAt(line, signal, at);
    return { macd, signal: average, histogram: macd - average };
  });
}

const naiveBollinger = (closes: readonly number[], n: number, deviations: number): Reading["value"][] =>
  naiveSma(closes, n).map((middle, i) => {
    if (middle === null) return null;
    const deviation = Math.sqrt(mean(closes.slice(i + 1 - n, i + 1).map((close) => (close - middle) ** 2)));
    return { lower: middle - deviations * deviation, middle, upper: middle + deviations * deviation };
  });

describe("sma", () => {
  it("averages the last quotes", () => {
    expect(valuesOf(read("sma", { window: 3 }, [1, 2, 3, 4, 8]))).toEqual([null, null, 2, 3, 5]);
  });

  it("is the mean of the window, for any prices", () => {
    fc.assert(
      fc.property(prices, window, (closes, n) =>
        expectClose(valuesOf(read("sma", { window: n }, closes)), naiveSma(closes, n)),
      ),
    );
  });

  it("says when the price crosses it, the first side being no crossing", () => {
    // averages:            10  11  9.67 8.67 9.67 11.33
    const readings = read("sma", { window: 3 }, [10, 10, 10, 13, 6, 7, 16, 11]);
    expect(signalsOf(readings)).toEqual([
      "4 sell price-crosses-below-sma",
      "6 buy price-crosses-above-sma",
      "7 sell price-crosses-below-sma",
    ]);
  });

  it("says nothing about a price that does not move", () => {
    const flat = Array.from({ length: 60 }, () => 0.1);
    expect(signalsOf(read("sma", { window: 20 }, [...flat, 0.2]))).toEqual([]);
  });
});

describe("ema", () => {
  it("begins with the first price and counts from the window on", () => {
    // α = 1/2: 2, 3, 5.5, 3.75
    expect(valuesOf(read("ema", { window: 3 }, [2, 4, 8, 2]))).toEqual([null, null, 5.5, 3.75]);
  });

  it("is the weighted sum of all prices, for any prices", () => {
    fc.assert(
      fc.property(prices, window, (closes, n) =>
        expectClose(valuesOf(read("ema", { window: n }, closes)), naiveEma(closes, n)),
      ),
    );
  });

  it("names itself in its signals", () => {
    expect(signalsOf(read("ema", { window: 3 }, [2, 4, 8, 2, 9]))).toEqual([
      "3 sell price-crosses-below-ema",
      "4 buy price-crosses-above-ema",
    ]);
  });
});

describe("rsi", () => {
  it("follows Wilder: a mean of the first changes, smoothed after that", () => {
    // changes +2 -1 | +3 -4; averages up 1, 2, 1; down .5, .25, 2.125
    const values = valuesOf(read("rsi", { window: 2 }, [10, 12, 11, 14, 10]));
    expectClose(values, [null, null, 200 / 3, 800 / 9, 100 * (1 / 3.125)]);
  });

  it("is the share of rises, for any prices", () => {
    fc.assert(
      fc.property(prices, window, (closes, n) =>
        expectClose(valuesOf(read("rsi", { window: n }, closes)), naiveRsi(closes, n)),
      ),
    );
  });

  it("is 100 while the price only rises and 0 while it only falls", () => {
    expect(valuesOf(read("rsi", { window: 2 }, [1, 2, 3, 4]))).toEqual([null, null, 100, 100]);
    expect(valuesOf(read("rsi", { window: 2 }, [4, 3, 2, 1]))).toEqual([null, null, 0, 0]);
  });

  it("has no value for a price that has not moved yet", () => {
    const values = valuesOf(read("rsi", { window: 2 }, [5, 5, 5, 5, 6, 5]));
    expectClose(values, [null, null, null, null, 100, 100 / 3]);
  });

  it("gives a signal on leaving a zone, not on entering it", () => {
    // 100, 100 (overbought) | falls out: sell | 0 (oversold) | rises out: buy
    const readings = read("rsi", { window: 2 }, [10, 11, 12, 13, 11, 9, 5, 9, 14]);
    expect(signalsOf(readings)).toEqual(["4 sell rsi-leaves-overbought", "7 buy rsi-leaves-oversold"]);
  });

  it("takes its levels from the caller", () => {
    const closes = [10, 11, 10.5, 11.5, 11, 12];
    // rises to 85.7 and falls to 54.5
    expect(signalsOf(read("rsi", { window: 2 }, closes))).toEqual(["4 sell rsi-leaves-overbought"]);
    expect(signalsOf(read("rsi", { window: 2, overbought: 90 }, closes))).toEqual([]);
    expect(signalsOf(read("rsi", { window: 2, overbought: 50 }, closes))).toEqual([]);
  });
});

describe("macd", () => {
  it("is what its definition says, for any prices", () => {
    fc.assert(
      fc.property(prices, window, fc.integer({ min: 1, max: 9 }), window, (closes, fast, more, signal) => {
        const parameters = { fast, slow: fast + more, signal };
        expectClose(valuesOf(read("macd", parameters, closes)), naiveMacd(closes, fast, fast + more, signal));
      }),
    );
  });

  it("is right by hand", () => {
    // fast α 2/3: 3, 5, 3, 7; slow α 1/2: 3, 4.5, 3.25, 6.125; differences from the third on -.25, .875
    const values = valuesOf(read("macd", { fast: 2, slow: 3, signal: 2 }, [3, 6, 2, 9]));
    expectClose(values, [null, null, null, { macd: 0.875, signal: 0.5, histogram: 0.375 }]);
  });

  it("tells of both its crossings", () => {
    const closes = [...[10, 10, 10, 10, 10, 10], ...[9, 8, 7, 6, 7, 9, 12, 15, 16, 16, 15, 13, 10, 7]];
    const readings = read("macd", { fast: 2, slow: 4, signal: 3 }, closes);
    const [macd, signal] = ["macd", "signal"].map((line) =>
      readings.map(({ value }) => (value === null || typeof value === "number" ? NaN : Number(value[line]))),
    ) as [number[], number[]];
    const changes = (distance: readonly number[], reasons: readonly [string, string]): string[] =>
      distance.flatMap((now, i) => {
        const before =
          distance
            .slice(0, i)
            .filter((d) => Math.abs(d) > 1e-9)
            .pop() ?? NaN;
        return before * now < 0 ? [`${i} ${now > 0 ? `buy ${reasons[0]}` : `sell ${reasons[1]}`}`] : [];
      });
    const expected = [
      ...changes(
        macd.map((line, i) => line - Number(signal[i])),
        ["macd-crosses-above-signal-line", "macd-crosses-below-signal-line"],
      ),
      ...changes(macd, ["fast-crosses-above-slow", "fast-crosses-below-slow"]),
    ];
    expect(expected).toHaveLength(4);
    expect(signalsOf(readings).sort()).toEqual(expected.sort());
  });

  it("says nothing about a price that does not move", () => {
    // apart from a 1,000,000,000,000th, which is how prices differ that were computed in two ways
    const flat = Array.from({ length: 400 }, (_, i) => (i % 60 < 30 ? 100 : 100 + 1e-10));
    expect(signalsOf(read("macd", {}, flat))).toEqual([]);
  });
});

describe("bollinger", () => {
  it("is right by hand", () => {
    // mean 5, population deviation 2: the textbook's eight numbers
    const values = valuesOf(read("bollinger", { window: 8, deviations: 1.5 }, [2, 4, 4, 4, 5, 5, 7, 9]));
    expect(values.at(-1)).toEqual({ lower: 2, middle: 5, upper: 8 });
    expect(values.slice(0, -1)).toEqual([null, null, null, null, null, null, null]);
  });

  it("is what its definition says, for any prices", () => {
    fc.assert(
      fc.property(prices, window, fc.constantFrom(0.5, 1, 2, 2.5), (closes, n, deviations) =>
        expectClose(
          valuesOf(read("bollinger", { window: n, deviations }, closes)),
          naiveBollinger(closes, n, deviations),
        ),
      ),
    );
  });

  it("gives a signal when the price leaves, once, and not when it comes back", () => {
    const calm = [10, 11, 10, 11, 10, 11];
    const readings = read("bollinger", { window: 6, deviations: 1.5 }, [...calm, 20, 24, ...calm, 2, 10, 11]);
    expect(signalsOf(readings)).toEqual(["6 sell price-leaves-upper-band", "14 buy price-leaves-lower-band"]);
  });

  it("says nothing about a price that does not move", () => {
    expect(
      signalsOf(
        read(
          "bollinger",
          {},
          Array.from({ length: 60 }, () => 0.1),
        ),
      ),
    ).toEqual([]);
  });
});

describe.each(INDICATOR_NAMES)("%s", (name) => {
  it("has its first value exactly after the quotes it says it needs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), (size) => {
        const given = parametersOf(name).includes("window")
          ? { window: size }
          : { fast: size, slow: size + 1, signal: size };
        const indicator = createIndicator(name, withDefaults(name, given));
        for (let i = 1; i < indicator.requiredQuotes; i += 1)
          expect(indicator.next(100 + i).value).toBeNull();
        expect(indicator.next(99).value).not.toBeNull();
      }),
    );
  });

  it("has a default within its bounds for every parameter", () => {
    for (const [parameter, value] of Object.entries(withDefaults(name, {}))) {
      const { minimum, maximum } = PARAMETERS[parameter as keyof typeof PARAMETERS];
      expect(value).toBeGreaterThanOrEqual(minimum);
      expect(value).toBeLessThanOrEqual(maximum);
    }
  });

  it("works with the largest windows, and gives finite numbers for extreme prices", () => {
    const largest = parametersOf(name).includes("window")
      ? { window: MAX_WINDOW }
      : { fast: MAX_WINDOW - 1, slow: MAX_WINDOW, signal: MAX_WINDOW };
    const closes = Array.from({ length: 2 * MAX_WINDOW }, (_, i) =>
      i % 3 === 0 ? Number.MAX_SAFE_INTEGER : 1e-6,
    );
    const last = read(name, largest, closes).at(-1)?.value;
    const numbers = typeof last === "number" ? [last] : Object.values(last ?? { nothing: NaN });
    expect(numbers.every(Number.isFinite)).toBe(true);
  });
});
