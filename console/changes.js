// @ts-check
// Numbers about changes: differences, and shares that are not rounded to all or nothing.

import { perLocale } from "./formats.js";

const SMALL = 1e-4;
const MIN_PERCENT = 0.01;

const plain = perLocale((locale) => new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }));
const scientific = perLocale(
  (locale) => new Intl.NumberFormat(locale, { maximumSignificantDigits: 3, notation: "scientific" }),
);
const percents = perLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }));

/**
 * The size of a difference.
 * @param {number} number
 */
export const amount = (number) => (number !== 0 && number < SMALL ? scientific() : plain()).format(number);

/**
 * A percentage of a whole. Only 0 and 100 are shown as such: one that is nearly 100 is rounded down.
 * @param {number} number
 */
export const percent = (number) => (number < MIN_PERCENT ? change(number) : change(Math.floor(number * 100) / 100));

/**
 * A change in percent. One that is nearly 0 is "<0.01 %".
 * @param {number} number
 */
export function change(number) {
  if (number > 0 && number < MIN_PERCENT) return `<${percents().format(MIN_PERCENT)} %`;
  return `${percents().format(number)} %`;
}
