// @ts-check
// The time for which executions are kept, as people enter it: `30 days`, `2 years`, `0` or `forever`; the API gets days, or
// the word.

/** @import { Retention } from "./types.js" */

/** @typedef {Retention["content_days"]} Days Null inherits the service's. */

export const FOREVER = "forever";

/** The most days that the API takes, a hundred years. */
const MOST_DAYS = 36_500;

/** Units in both languages of the console, and their days. */
const UNITS = /** @type {[spelling: RegExp, days: number][]} */ ([
  [/^(|d|days?|dias?)$/, 1],
  [/^(w|weeks?|sem|semanas?)$/, 7],
  [/^(y|years?|a|anos?)$/, 365],
]);
const FOREVER_WORDS = /^(0+|forever|para sempre)$/;
const AMOUNT = /^(\d{1,6})\s*([a-z]*)$/;

/**
 * The days that a text stands for; null for an empty text, undefined for one that the API would refuse.
 * @param {string} text
 * @returns {Days | undefined}
 */
export function daysIn(text) {
  const entered = text.trim().toLowerCase();
  if (entered === "") return null;
  if (FOREVER_WORDS.test(entered)) return FOREVER;
  const [, number, unit = ""] = AMOUNT.exec(entered) ?? [];
  const days = Number(number) * (UNITS.find(([spelling]) => spelling.test(unit))?.[1] ?? Number.NaN);
  return days >= 1 && days <= MOST_DAYS ? days : undefined;
}
