import { EMA, MACD } from "trading-signals";
import { Crossing } from "./crossing.js";
import { type Indicator, type Reading, type Signal, WARMING_UP } from "./indicator.js";

export interface MacdParameters {
  /** Window of the fast average. */
  readonly fast: number;
  /** Window of the slow average, larger than `fast`. */
  readonly slow: number;
  /** Window of the average of their difference, the signal line. */
  readonly signal: number;
}

/**
 * Moving average convergence/divergence: the fast average less the slow one, its own average (the signal line), and the
 * distance of the two (the histogram). Two rules give signals: the MACD line crosses its signal line, and the fast
 * average crosses the slow one, which is the MACD line crossing zero. The first comes earlier and errs more often.
 */
export class ConvergenceDivergence implements Indicator {
  public readonly requiredQuotes: number;
  private readonly macd: MACD;
  private readonly signalLine: EMA;
  private readonly overSignalLine = new Crossing();
  private readonly overZero = new Crossing();

  public constructor({ fast, slow, signal }: MacdParameters) {
    this.signalLine = new EMA(signal);
    this.macd = new MACD(new EMA(fast), new EMA(slow), this.signalLine);
    // the signal line begins when the slow average is there
    this.requiredQuotes = slow + signal - 1;
  }

  public next(close: number): Reading {
    const lines = this.macd.add(close);
    if (lines === null || !this.signalLine.isStable) return WARMING_UP;
    const { macd, signal, histogram } = lines;
    const signals: Signal[] = [];
    // the lines are differences of averages of prices: their rounding errors are a share of the price, not of the lines
    const overSignalLine = this.overSignalLine.next(macd, signal, close);
    const overZero = this.overZero.next(macd, 0, close);
    if (overSignalLine) signals.push(signalFor(overSignalLine, `macd-crosses-${overSignalLine}-signal-line`));
    if (overZero) signals.push(signalFor(overZero, `fast-crosses-${overZero}-slow`));
    return { value: { macd, signal, histogram }, signals };
  }
}

function signalFor(side: "above" | "below", reason: string): Signal {
  return { action: side === "above" ? "buy" : "sell", reason };
}
