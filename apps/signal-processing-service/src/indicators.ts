import { BollingerBands } from "./bollinger.js";
import type { Indicator } from "./indicator.js";
import { ConvergenceDivergence } from "./macd.js";
import { MovingAverage } from "./moving-average.js";
import { RelativeStrengthIndex } from "./rsi.js";

/** The largest window. It bounds the memory of a request and, at quotes × window, its work. */
export const MAX_WINDOW = 1000;

const windowOf = (what: string) => ({ type: "integer", minimum: 2, maximum: MAX_WINDOW, description: what });
const levelOf = (what: string) => ({ type: "number", minimum: 0, maximum: 100, description: what });

/** The numbers that an indicator can be tuned by, each with its bounds. */
export const PARAMETERS = {
  window: windowOf("sma, ema, bollinger: quotes to average (20). rsi: changes to average (14)."),
  fast: windowOf("macd: window of the fast average (12), smaller than `slow`."),
  slow: windowOf("macd: window of the slow average (26)."),
  signal: windowOf("macd: window of the signal line (9)."),
  deviations: {
    type: "number",
    minimum: 0.1,
    maximum: 10,
    description: "bollinger: distance of the bands in standard deviations (2).",
  },
  overbought: levelOf("rsi: level at and above which the price has risen too fast (70)."),
  oversold: levelOf("rsi: level at and below which the price has fallen too fast (30), below `overbought`."),
} as const;

export type ParameterName = keyof typeof PARAMETERS;
export type ParameterValues = Readonly<Partial<Record<ParameterName, number>>>;

/** What is known of an indicator before a quote is seen. */
interface IndicatorKind<Name extends ParameterName> {
  /** Its parameters, with the values that traders take when they do not say. */
  readonly defaults: Readonly<Record<Name, number>>;
  /** Two parameters of which the first must be the smaller one. */
  readonly order?: readonly [NoInfer<Name>, NoInfer<Name>];
  create(parameters: Readonly<Record<Name, number>>): Indicator;
}

const kind = <Name extends ParameterName>(definition: IndicatorKind<Name>): IndicatorKind<ParameterName> =>
  definition as unknown as IndicatorKind<ParameterName>;

const KINDS = {
  sma: kind({ defaults: { window: 20 }, create: ({ window }) => new MovingAverage("sma", window) }),
  ema: kind({ defaults: { window: 20 }, create: ({ window }) => new MovingAverage("ema", window) }),
  rsi: kind({
    defaults: { window: 14, overbought: 70, oversold: 30 },
    order: ["oversold", "overbought"],
    create: (parameters) => new RelativeStrengthIndex(parameters),
  }),
  macd: kind({
    defaults: { fast: 12, slow: 26, signal: 9 },
    order: ["fast", "slow"],
    create: (parameters) => new ConvergenceDivergence(parameters),
  }),
  bollinger: kind({
    defaults: { window: 20, deviations: 2 },
    create: (parameters) => new BollingerBands(parameters),
  }),
};

export type IndicatorName = keyof typeof KINDS;
export const INDICATOR_NAMES = Object.keys(KINDS) as IndicatorName[];

/** The parameters that an indicator has, in the order in which they are shown. */
export function parametersOf(name: IndicatorName): ParameterName[] {
  return Object.keys(KINDS[name].defaults) as ParameterName[];
}

/** Those given, and the defaults for those that are not. */
export function withDefaults(name: IndicatorName, given: ParameterValues): Record<string, number> {
  const { defaults } = KINDS[name];
  return Object.fromEntries(
    parametersOf(name).map((parameter) => [parameter, given[parameter] ?? defaults[parameter]]),
  );
}

/** Two parameters of which the first must be smaller than the second, if the indicator has such. */
export function orderOf(name: IndicatorName): readonly [ParameterName, ParameterName] | undefined {
  return KINDS[name].order;
}

export function createIndicator(name: IndicatorName, parameters: Record<string, number>): Indicator {
  return KINDS[name].create(parameters as Record<ParameterName, number>);
}
