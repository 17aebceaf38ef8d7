// @ts-check
// The choice of the columns by which the rows of two results are matched.

/** @import { RowsSummary } from "../types.js" */

import { counted } from "../counts.js";
import { fill, h, newId } from "../dom.js";
import { say } from "../words.js";
import { columnHeading } from "./cell_view.js";

const MAX_CHOICES = 60;

/**
 * The choice of key columns. A change compares again; `update` shows the summary of it.
 * @param {RowsSummary} summary
 * @param {(key: number[]) => unknown} compareAgain
 */
export function keyChoice({ columns, key }, compareAgain) {
  const selection = new Set(key);
  const status = h("div", { role: "status" });
  /** @param {number} at */
  const box = (at) => {
    const id = newId("key");
    const change = () => {
      if (input.checked) selection.add(at);
      else selection.delete(at);
      compareAgain([...selection].sort((left, right) => left - right));
    };
    const input = h("input", { id, type: "checkbox", checked: selection.has(at), change });
    return h("span", {}, input, " ", h("label", { for: id }, columnHeading(columns[at])));
  };
  const usable = columns.map((_, at) => at).filter((at) => columns[at].left >= 0 && columns[at].right >= 0);
  const boxes = h("div", { class: "row" }, usable.slice(0, MAX_CHOICES).map(box));
  const element = h("fieldset", { class: "keys" }, h("legend", {}, say("compare.key")), boxes, status);
  /** @param {RowsSummary} summary */
  const update = (summary) => fill(status, keyNotes(summary));
  return { element, update };
}

/** @param {RowsSummary} summary */
const keyNotes = ({ key, repeated }) => [
  h("p", { class: "quiet" }, say(key.length === 0 ? "compare.by-position" : "compare.by-key")),
  repeated > 0 && h("p", { class: "note" }, counted("compare.repeated", repeated)),
];
