// @ts-check
// The numbers of rows by their comparison.

/** @import { RowCounts } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count } from "../formats.js";

const ROWS = /** @type {const} */ (["equal", "changed", "added", "removed"]);

/**
 * The numbers; nothing without rows.
 * @param {RowCounts} rows
 */
export function rowCounts(rows) {
  if (ROWS.every((name) => rows[name] === 0)) return null;
  return h(
    "ul",
    { class: "counts" },
    ROWS.map((name) =>
      h(
        "li",
        { class: rows[name] > 0 && name },
        h("strong", {}, count(rows[name])),
        ` ${counted(`compare.count.${name}`, rows[name])}`,
      ),
    ),
  );
}
