import { RSI } from "trading-signals";
import { Crossing } from "./crossing.js";
import { type Indicator, type Reading, type Signal, WARMING_UP } from "./indicator.js";

export interface RsiParameters {
  readonly window: number;
  /** At and above it the price has risen too fast. */
  readonly overbought: number;
  /** At and below it the price has fallen too fast. */
  readonly oversold: number;
}

/**
 * Wilder's relative strength index, 0 to 100, of the closing prices: leaving the oversold zone upwards is a signal to buy,
 * leaving the overbought zone downwards one to sell. Entering a zone is none: a trend may stay in it for long.
 *
 * A window of n changes needs n + 1 quotes. Where the price has not moved at all the index is 0 / 0; the library says 100,
 * which would make every quiet market overbought, so here it has no value until the first move.
 */
export class RelativeStrengthIndex implements Indicator {
  public readonly requiredQuotes: number;
  private readonly rsi: RSI;
  private readonly leavesOversold = new Crossing();
  private readonly leavesOverbought = new Crossing();
  private first: number | undefined;
  private moved = false;

  public constructor(private readonly parameters: RsiParameters) {
    this.rsi = new RSI(parameters.window);
    this.requiredQuotes = this.rsi.getRequiredInputs();
  }

  public next(close: number): Reading {
    const value = this.rsi.add(close);
    this.first ??= close;
    this.moved ||= close !== this.first;
    if (value === null || !this.moved) return WARMING_UP;
    const signals: Signal[] = [];
    if (this.leavesOversold.next(value, this.parameters.oversold, 100) === "above")
      signals.push({ action: "buy", reason: "rsi-leaves-oversold" });
    if (this.leavesOverbought.next(value, this.parameters.overbought, 100) === "below")
      signals.push({ action: "sell", reason: "rsi-leaves-overbought" });
    return { value, signals };
  }
}
