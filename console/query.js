// @ts-check
// The query of an address, of the API or of the console.

/** @import { Query } from "./types.js" */

/**
 * A query as text with its `?`, or nothing if all its parameters are empty.
 * @param {Query} query
 */
export function queryText(query) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  return parameters.size > 0 ? `?${parameters}` : "";
}
