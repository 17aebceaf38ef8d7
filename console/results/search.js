// @ts-check
// Search for a text in the rows of a table.

/** @import { MaybeJson, Table } from "../types.js" */

import { textOf } from "./cells.js";

const MAX_CACHED_CHARACTERS = 64;
const MAX_CACHED_TEXTS = 50_000;

/**
 * The rows, of those given, with a cell that contains the text, regardless of case.
 * @param {Table} table
 * @param {Uint32Array} rows
 * @param {string} text
 */
export function rowsWith(table, rows, text) {
  const contains = cellContains(text.toLowerCase());
  return rows.filter((row) => table.values(row).some(contains));
}

/**
 * A predicate for cells. It caches short texts, because most tables repeat them.
 * @param {string} wanted
 */
function cellContains(wanted) {
  const cache = new Map();
  /** @param {MaybeJson} value */
  return (value) => {
    if (typeof value !== "string" || value.length > MAX_CACHED_CHARACTERS)
      return textOf(value).toLowerCase().includes(wanted);
    const cached = cache.get(value);
    if (cached !== undefined) return cached;
    const answer = value.toLowerCase().includes(wanted);
    if (cache.size < MAX_CACHED_TEXTS) cache.set(value, answer);
    return answer;
  };
}
