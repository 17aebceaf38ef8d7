// @ts-check
// Timestamps in filters: fields show the reader's local time, the API gets UTC.

/**
 * The timestamp of a `datetime-local` value for the API; empty for an empty one.
 * @param {string} local
 */
export const toTimestamp = (local) => (local ? new Date(local).toISOString() : "");

/**
 * The `datetime-local` value of a timestamp; empty for none or an invalid one.
 * @param {string | undefined} timestamp
 */
export function toLocal(timestamp) {
  const date = new Date(timestamp ?? "");
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
