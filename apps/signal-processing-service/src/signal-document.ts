import type { Indicator } from "./indicator.js";
import { Problem } from "./problem.js";
import type { Quote } from "./quote-page.js";

/** What the document says before its first item. */
export interface DocumentHead {
  readonly ticker: string;
  readonly indicator: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Writes the answer as JSON text, a piece per page of quotes, so that it may be of any length.
 *
 * The first piece comes when the indicator has its first value: until then it may turn out that there are too few quotes,
 * and that has to be said before anything else is. The document ends with counts, so a piece that is missing shows: what
 * was cut off is not JSON.
 * @throws Problem 422 at the first piece for a range with fewer quotes than the indicator needs
 */
export async function* writeSignals(
  head: DocumentHead,
  pages: AsyncIterable<readonly Quote[]>,
  indicator: Indicator,
  only?: "signals",
): AsyncGenerator<string> {
  const counts = { quotes: 0, buy: 0, sell: 0 };
  let text = `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let separator = "\n";
  for await (const quotes of pages) {
    for (const { timestamp, close } of quotes) {
      const { value, signals } = indicator.next(close);
      counts.quotes += 1;
      for (const { action } of signals) counts[action] += 1;
      if (only === "signals" && signals.length === 0) continue;
      text += separator + JSON.stringify({ timestamp, close, value, signals });
      separator = ",\n";
    }
    if (counts.quotes < indicator.requiredQuotes || text === "") continue;
    yield text;
    text = "";
  }
  if (counts.quotes < indicator.requiredQuotes)
    throw notEnough(head, indicator.requiredQuotes, counts.quotes);
  yield `${text}\n],"counts":${JSON.stringify(counts)}}\n`;
}

function notEnough({ ticker, indicator }: DocumentHead, required: number, available: number): Problem {
  return new Problem({
    status: 422,
    kind: "not-enough-quotes",
    detail:
      `${indicator} with these parameters needs ${required} quotes, and ${ticker} has ${available} in this range; ` +
      "take a smaller window or a wider range",
    extensions: { required, available },
  });
}
