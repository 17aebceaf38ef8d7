// Moments in filters: fields show the reader's own time, the API is told the moment itself.

/** The moment of a field's value, as the API writes it; nothing for an empty one. */
export const momentOf = (local) => (local ? new Date(local).toISOString() : "");

/** A field's value for a moment. */
export function localOf(moment) {
  const date = new Date(moment ?? "");
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
