// Which rows have a text in them.

import { textOf } from "./cells.js";

/** Of some rows of a table, by their numbers, those with a cell that has the text in it, in either case. */
export function rowsWith(table, rows, text) {
  const wanted = text.toLowerCase();
  const has = cellHas(wanted);
  return rows.filter((row) => table.values(row).some(has));
}

/** A text that was looked at is remembered, if it is short: most tables say the same again and again. */
function cellHas(wanted) {
  const known = new Map();
  return (value) => {
    if (typeof value !== "string" || value.length > 64) return textOf(value).toLowerCase().includes(wanted);
    const before = known.get(value);
    if (before !== undefined) return before;
    const answer = value.toLowerCase().includes(wanted);
    if (known.size < 50_000) known.set(value, answer);
    return answer;
  };
}
