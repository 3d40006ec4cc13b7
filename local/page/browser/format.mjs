const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const RATE = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const PERCENT = new Intl.NumberFormat("en", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** What stands where nothing is known. */
export const UNKNOWN = "\u2013";

/** @param {number} value */
export const number = (value) => NUMBER.format(value);

/** @param {number} value */
export const rate = (value) => RATE.format(value);

/** @param {number} value from 0 to 1 */
export const percent = (value) => PERCENT.format(value);

/**
 * @param {number} count
 * @param {string} noun
 */
export const countOf = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** The time of the day, here. @param {string} iso */
export function time(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleTimeString("en-GB");
}

/** `IN_PROGRESS` as `in progress`. @param {string} name */
export const words = (name) => name.toLowerCase().replaceAll("_", " ");

/** @param {string} text */
export const sentence = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
