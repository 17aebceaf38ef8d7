// The query of an address, of the API's or of the console's own.

/** It as text, with its `?`; members that are empty are left out. Nothing if there are none. */
export function queryText(query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}
