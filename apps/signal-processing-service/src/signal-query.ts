import {
  type IndicatorName,
  PARAMETERS,
  type ParameterName,
  type ParameterValues,
  orderOf,
  parametersOf,
  withDefaults,
} from "./indicators.js";
import { spanOf } from "./instant.js";
import { type Finding, Problem } from "./problem.js";

/** The query of a request for signals, each parameter for itself already found to be right. */
export interface SignalQuery extends ParameterValues {
  readonly indicator: IndicatorName;
  readonly from?: string;
  readonly to?: string;
  readonly only?: "signals";
}

/** A request that was found wrong before anything was done for it. */
export function badRequest(errors: readonly Finding[]): Problem {
  return new Problem({
    status: 400,
    kind: "invalid-request",
    detail: errors.map((error) => `${error.in}${error.pointer} ${error.detail}`).join("; "),
    errors,
  });
}

const at = (parameter: string) => ({ in: "query", pointer: `#/${parameter}` }) as const;

/**
 * The indicator's parameters, after what no schema of single parameters can say: that they belong to the indicator, and
 * that they go together.
 * @throws Problem 400 with all that is wrong
 */
export function parametersFor(query: SignalQuery): Record<string, number> {
  const { indicator, from, to } = query;
  const own = parametersOf(indicator);
  const foreign = (Object.keys(PARAMETERS) as ParameterName[]).filter(
    (name) => query[name] !== undefined && !own.includes(name),
  );
  const errors: Finding[] = foreign.map((parameter) => ({
    ...at(parameter),
    detail: `is no parameter of ${indicator}, which has ${own.join(", ")}`,
  }));
  const parameters = withDefaults(indicator, query);
  const [smaller, larger] = orderOf(indicator) ?? [];
  if (smaller && larger && Number(parameters[smaller]) >= Number(parameters[larger]))
    errors.push({
      ...at(smaller),
      detail: `is ${parameters[smaller]}; it must be smaller than ${larger}, which is ${parameters[larger]}`,
    });
  errors.push(...rangeErrors(from, to));
  if (errors.length > 0) throw badRequest(errors);
  return parameters;
}

function rangeErrors(from: string | undefined, to: string | undefined): Finding[] {
  const errors: Finding[] = [];
  const span = (parameter: string, text: string | undefined): ReturnType<typeof spanOf> => {
    const found = text === undefined ? undefined : spanOf(text);
    if (text !== undefined && !found)
      errors.push({ ...at(parameter), detail: `is ${text}, a day that its month has not` });
    return found;
  };
  const [start, end] = [span("from", from), span("to", to)];
  if (start && end && start.first > end.last)
    errors.push({ ...at("from"), detail: `is ${from}; it must not be later than to, which is ${to}` });
  return errors;
}
