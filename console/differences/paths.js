// @ts-check
// The differences of results that are not both tables: the values at changed paths.

/** @import { ShownDifference } from "../types.js" */

import { h } from "../dom.js";
import { scrolling } from "../parts/paged_table.js";
import { visible } from "../results/visible.js";
import { say } from "../words.js";
import { changeContent, valueContent } from "./values.js";

/**
 * @param {ShownDifference[]} lines
 * @param {string} label
 */
export const pathsTable = (lines, label) =>
  scrolling(
    h(
      "table",
      { class: "rows compared places" },
      h("caption", { class: "visually-hidden" }, label),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, say("compare.place")),
          h("th", { scope: "col" }, say("compare.state")),
          h("th", { scope: "col" }, say("table.value")),
        ),
      ),
      h("tbody", {}, lines.map(pathRow)),
    ),
    label,
  );

/** @param {ShownDifference} line */
function pathRow({ pointer, change: kind, before, after }) {
  const values =
    kind === "changed"
      ? changeContent(before, after)
      : h(kind === "added" ? "ins" : "del", {}, valueContent(kind === "added" ? after : before));
  return h(
    "tr",
    { class: kind },
    h(
      "th",
      { scope: "row" },
      pointer === "" || pointer === null ? say("compare.top") : h("code", {}, visible(pointer)),
    ),
    h("td", { class: "state" }, say(`compare.state.${kind === "outcome" ? "changed" : kind}`)),
    h("td", {}, values),
  );
}
