import { BollingerBands as Bands } from "trading-signals";
import { Crossing } from "./crossing.js";
import { type Indicator, type Reading, type Signal, WARMING_UP } from "./indicator.js";

export interface BollingerParameters {
  readonly window: number;
  /** Distance of the bands from the average, in standard deviations of the window's prices. */
  readonly deviations: number;
}

/**
 * Bollinger bands: the simple moving average, and a band so many (population) standard deviations above and below it.
 * A price that leaves through the lower band is a signal to buy, through the upper band to sell: both expect it back.
 *
 * The newest price is part of its own window, so it cannot be further from the average than √(window − 1) deviations:
 * 5 prices and 2 deviations never give a signal.
 */
export class BollingerBands implements Indicator {
  public readonly requiredQuotes: number;
  private readonly bands: Bands;
  private readonly lower = new Crossing();
  private readonly upper = new Crossing();

  public constructor({ window, deviations }: BollingerParameters) {
    this.bands = new Bands(window, deviations);
    this.requiredQuotes = window;
  }

  public next(close: number): Reading {
    const value = this.bands.add(close);
    if (value === null) return WARMING_UP;
    const signals: Signal[] = [];
    // the lower band may come close to zero, where its own size says nothing about rounding errors
    if (this.lower.next(close, value.lower, close) === "below")
      signals.push({ action: "buy", reason: "price-leaves-lower-band" });
    if (this.upper.next(close, value.upper, close) === "above")
      signals.push({ action: "sell", reason: "price-leaves-upper-band" });
    return { value, signals };
  }
}
