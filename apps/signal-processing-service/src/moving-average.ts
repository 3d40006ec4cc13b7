import { EMA, SMA } from "trading-signals";
import { Crossing } from "./crossing.js";
import { type Indicator, type Reading, WARMING_UP } from "./indicator.js";

/**
 * A moving average of the closing prices: a price that crosses above it is a signal to buy, below it to sell.
 *
 * `sma` weighs the last `window` prices alike. `ema` weighs the newest by 2 / (window + 1) and what it was before by the
 * rest, beginning with the first price; it counts from the `window`th quote on.
 */
export class MovingAverage implements Indicator {
  public readonly requiredQuotes: number;
  private readonly average: SMA | EMA;
  private readonly price = new Crossing();

  public constructor(
    private readonly name: "sma" | "ema",
    window: number,
  ) {
    this.requiredQuotes = window;
    this.average = name === "sma" ? new SMA(window) : new EMA(window);
  }

  public next(close: number): Reading {
    this.average.add(close);
    // not what add() returns: the library's EMA gives out values before it calls itself stable
    const value = this.average.getResult();
    if (value === null) return WARMING_UP;
    const side = this.price.next(close, value);
    const signals =
      side === null
        ? []
        : [
            {
              action: side === "above" ? ("buy" as const) : ("sell" as const),
              reason: `price-crosses-${side}-${this.name}`,
            },
          ];
    return { value, signals };
  }
}
