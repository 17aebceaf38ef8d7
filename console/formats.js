// @ts-check
// Numbers, times and sizes in the reader's locale; times in the reader's zone, or in UTC once the reader has chosen that.

import { isUtc } from "./time_zone.js";
import { locale } from "./words.js";

const dates = perLocale((now) => new Intl.DateTimeFormat(now, { dateStyle: "medium", timeStyle: "medium" }));
const days = perLocale((now) => new Intl.DateTimeFormat(now, { dateStyle: "medium", timeStyle: "short" }));
const minutes = perLocale((now) => new Intl.DateTimeFormat(now, { timeStyle: "short" }));
const seconds = perLocale((now) => new Intl.DateTimeFormat(now, { timeStyle: "medium" }));
const counts = perLocale((now) => new Intl.NumberFormat(now));
const percents = perLocale((now) => new Intl.NumberFormat(now, { style: "percent", maximumFractionDigits: 1 }));
const relatives = perLocale((now) => new Intl.RelativeTimeFormat(now, { numeric: "auto" }));
const short = perLocale((now) => new Intl.NumberFormat(now, { maximumFractionDigits: 1 }));

/**
 * A function that returns the formatter of the present locale. It makes a formatter only when the locale has changed.
 * @template Formatter
 * @param {(locale: string) => Formatter} make
 */
export function perLocale(make) {
  /** @type {{ locale: string, formatter: Formatter } | undefined} */
  let made;
  return () => {
    if (made?.locale !== locale) made = { locale, formatter: make(locale) };
    return made.formatter;
  };
}

/** @param {number} share Of 1. */
export const percent = (share) => percents().format(share);

const zoned = perLocale((now) => new Intl.DateTimeFormat(now, { dateStyle: "medium", timeStyle: "long" }));

/**
 * A timestamp of the API in the reader's zone, whatever the reader has chosen.
 * @param {string} text
 */
export const localTimestamp = (text) => zoned().format(new Date(text));

const universal = perLocale(
  (now) => new Intl.DateTimeFormat(now, { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" }),
);

/**
 * A timestamp of the API, or milliseconds, in UTC.
 * @param {string | number} time
 */
export const utcTimestamp = (time) => `${universal().format(new Date(time))} UTC`;

/**
 * A timestamp of the API with its time zone.
 * @param {string} text
 */
export const zonedTimestamp = (text) => (isUtc() ? utcTimestamp : localTimestamp)(text);

const zones = perLocale((now) => new Intl.DateTimeFormat(now, { timeZoneName: "short" }));

/** The name of the time zone of times and of fields for them. */
export const zoneName = () => (isUtc() ? "UTC" : zoneOfReader());

const zoneOfReader = () =>
  zones()
    .formatToParts()
    .find(({ type }) => type === "timeZoneName")?.value ?? "";

/** @param {number} number */
export const count = (number) => counts().format(number);

/**
 * A moment in milliseconds; the time alone if it is of today.
 * @param {number} ms
 */
export function moment(ms) {
  if (isUtc()) return utcTimestamp(ms);
  return (new Date(ms).toDateString() === new Date().toDateString() ? minutes() : days()).format(ms);
}

/**
 * A timestamp of the API, or a dash if there is none.
 * @param {string | null} text
 */
export function timestamp(text) {
  if (!text) return "–";
  return isUtc() ? utcTimestamp(text) : dates().format(new Date(text));
}

/**
 * The time of day of a timestamp of today, of any other the day too.
 * @param {string} text
 */
export function clock(text) {
  const date = new Date(text);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday && !isUtc() ? seconds().format(date) : timestamp(text);
}

/** The units of relative times, and the seconds up to which each is used. */
const STEPS = /** @type {const} */ ([
  ["second", 1, 90],
  ["minute", 60, 90 * 60],
  ["hour", 3_600, 36 * 3_600],
  ["day", 86_400, Number.POSITIVE_INFINITY],
]);

/**
 * A timestamp of the API relative to now, such as "in 4 minutes" or "2 hours ago".
 * @param {string} text
 * @param {number} [now] In milliseconds since 1970.
 */
export function fromNow(text, now = Date.now()) {
  const seconds = (Date.parse(text) - now) / 1_000;
  const [unit, length] = STEPS.find(([, , most]) => Math.abs(seconds) < most) ?? STEPS[3];
  return relatives().format(Math.round(seconds / length), unit);
}

/**
 * Milliseconds in a suitable unit.
 * @param {number} ms
 */
export function duration(ms) {
  if (ms < 1000) return `${short().format(ms)} ms`;
  return ms < 60_000 ? `${short().format(ms / 1000)} s` : `${short().format(ms / 60_000)} min`;
}

/**
 * Bytes in a suitable unit.
 * @param {number} bytes
 */
export function size(bytes) {
  const step = bytes < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${short().format(bytes / 1024 ** step)} ${["B", "KiB", "MiB", "GiB"][step]}`;
}
