// @ts-check
// The reason why a job failed; where its parts do not add up, the cells that differ.

/** @import { Content, Job } from "../types.js" */

import { columnsTable } from "../differences/columns.js";
import { differenceOf } from "../differences/lines.js";
import { rowCounts } from "../differences/rows.js";
import { differenceTable } from "../differences/table.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { visible } from "../results/visible.js";
import { called, say } from "../words.js";

const MAX_SHOWN = 100;

/**
 * @param {Job} job
 * @returns {Content}
 */
export function failureOf({ error, differences, merge }) {
  if (!error) return null;
  const place = error.partition === null ? null : ` · ${say("job.partition")} ${count(error.partition)}`;
  return h(
    "section",
    { class: "failure", "aria-label": say("job.error") },
    h(
      "p",
      {},
      h("strong", { class: error.kind === "cancelled" ? false : "bad" }, called("job_error", error.kind)),
      place,
    ),
    error.message && h("p", {}, visible(error.message)),
    differences && differencesOf(differences, merge),
  );
}

/**
 * @param {NonNullable<Job["differences"]>} differences
 * @param {string} merge
 * @returns {Content}
 */
function differencesOf({ rows, columns, count: all, differences }, merge) {
  const shown = differences.slice(0, MAX_SHOWN).map((one) => differenceOf(JSON.stringify(one)));
  return [
    h("p", {}, say(merge === "script" ? "job.differs.merge" : "job.differs.parts")),
    rows && rowCounts(rows),
    columns && columns.length > 0 && columnsTable(columns),
    differenceTable(shown, say("job.differs")),
    all > shown.length && h("p", { class: "note" }, say("compare.kept", { count: count(shown.length) })),
  ];
}
