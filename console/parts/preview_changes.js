// @ts-check
// The differences of a preview from a version on the same dataset: their counts, the changes of each column, and the
// first ones with both values.

/** @import { Content, PreviewDifferences } from "../types.js" */

import { columnsTable } from "../differences/columns.js";
import { differenceOf } from "../differences/lines.js";
import { rowCounts } from "../differences/rows.js";
import { differenceTable } from "../differences/table.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { memberText, partsOf } from "../json_text.js";
import { say } from "../words.js";
import { runErrorNote } from "./run_error.js";

const MAX_SHOWN = 100;

/**
 * @param {PreviewDifferences} differences
 * @param {string} response The text of the response, whose numbers have all digits.
 * @returns {Content}
 */
export function previewChanges(differences, response) {
  const { against_version: version, kind, equal, error, rows, columns } = differences;
  if (kind === "stopped") return h("p", { class: "note" }, say("try.not-compared"));
  if (equal) return h("p", { class: "note" }, say("try.no-changes", { version }));
  if (kind === "outcome")
    return [
      h("p", {}, error ? say("try.failed-before", { version }) : say("try.succeeded-before", { version })),
      error && runErrorNote(error),
    ];
  const shown = firstDifferences(response);
  return [
    rows && rowCounts(rows),
    columns && columns.length > 0 && columnsTable(columns),
    differenceTable(shown, say("compare.results")),
    (differences.count ?? 0) > shown.length &&
      h("p", { class: "note" }, say("compare.kept", { count: count(shown.length) })),
  ];
}

/** @param {string} response */
function firstDifferences(response) {
  const texts = memberText(memberText(response, "differences") ?? "", "differences") ?? "";
  return [...partsOf(texts)].slice(0, MAX_SHOWN).map(({ text }) => differenceOf(text));
}
