// @ts-check
// Numbers, times and sizes in the reader's locale.

import { locale } from "./words.js";

const DAY = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
const COUNT = new Intl.NumberFormat(locale);
const SHORT = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** @param {number} number */
export const count = (number) => COUNT.format(number);

/**
 * A timestamp of the API, or a dash if there is none.
 * @param {string | null} text
 */
export const timestamp = (text) => (text ? DAY.format(new Date(text)) : "–");

/**
 * The time of day of a timestamp of today, of any other the day too.
 * @param {string} text
 */
export function clock(text) {
  const [date, now] = [new Date(text), new Date()];
  return date.toDateString() === now.toDateString()
    ? date.toLocaleTimeString(locale, { timeStyle: "medium" })
    : timestamp(text);
}

/**
 * Milliseconds in a suitable unit.
 * @param {number} ms
 */
export function duration(ms) {
  if (ms < 1000) return `${SHORT.format(ms)} ms`;
  return ms < 60_000 ? `${SHORT.format(ms / 1000)} s` : `${SHORT.format(ms / 60_000)} min`;
}

/**
 * Bytes in a suitable unit.
 * @param {number} bytes
 */
export function size(bytes) {
  const step = bytes < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${SHORT.format(bytes / 1024 ** step)} ${["B", "KiB", "MiB", "GiB"][step]}`;
}
