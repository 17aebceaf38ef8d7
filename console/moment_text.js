// @ts-check
// Dates and times as people enter them, such as `2026-11-26 14:00`, in their time zone or in UTC; the API gets UTC.

const MOMENT = /^\s*(\d{4})-(\d\d?)-(\d\d?)(?:[ T]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z)?)?\s*$/;
const MINUTE_MS = 60_000;

/**
 * The timestamp for the API; empty for an empty text, null for any other that is no date. A date alone is its midnight. A
 * timestamp of the API, which ends with `Z`, is in UTC whatever the zone.
 * @param {string} text
 * @param {boolean} isUtc
 */
export function momentIn(text, isUtc) {
  if (text.trim() === "") return "";
  const [, ...parts] = MOMENT.exec(text) ?? [];
  if (parts.length === 0) return null;
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map((part) => Number(part ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 59) return null;
  if (isUtc || parts[6]) date.setUTCHours(hour, minute, second);
  else date.setTime(new Date(year, month - 1, day, hour, minute, second).getTime());
  return date.toISOString();
}

/**
 * A timestamp as it is entered, with seconds only if there are any; empty for none or an invalid one.
 * @param {string | undefined} timestamp
 * @param {boolean} isUtc
 */
export function momentText(timestamp, isUtc) {
  const date = new Date(timestamp ?? "");
  if (Number.isNaN(date.getTime())) return "";
  const shifted = new Date(date.getTime() - (isUtc ? 0 : date.getTimezoneOffset() * MINUTE_MS));
  const [day, time] = shifted.toISOString().split("T");
  return `${day} ${time.slice(0, date.getUTCSeconds() > 0 ? 8 : 5)}`;
}
