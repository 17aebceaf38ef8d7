// @ts-check
// The numbers of rows that a preview changes, and the changes of each column.

/** @import { PreviewDifferences } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { columnChanges } from "../results/comparison_columns.js";

/** @param {PreviewDifferences} differences */
export function changesSummary({ rows, columns }) {
  if (!rows || !columns) return null;
  const counts = [rows.equal, rows.changed, rows.removed, rows.added];
  const names = /** @type {const} */ (["equal", "changed", "removed", "added"]);
  return [
    h(
      "ul",
      { class: "counts" },
      names.map((name, at) =>
        h(
          "li",
          { class: counts[at] > 0 && name },
          h("strong", {}, count(counts[at])),
          ` ${counted(`compare.count.${name}`, counts[at])}`,
        ),
      ),
    ),
    columnChanges({
      of: "rows",
      columns: columns.map(({ name }) => ({ role: "member", name, left: 0, right: 0 })),
      changes: columns.map(({ changed }) => changed),
      largest: columns.map(({ largest_absolute: largest }) => largest ?? 0),
      counts,
      repeated: 0,
      isReordered: false,
      key: [],
    }),
  ];
}
