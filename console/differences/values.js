// @ts-check
// The values of differences: both values of a change, and the rows that only one side has.

/** @import { Content, ShownValue } from "../types.js" */

import { h } from "../dom.js";
import { cellContent } from "../results/cell_view.js";
import { showDialog } from "../results/dialog.js";
import { jsonText } from "../results/kinds.js";
import { visible } from "../results/visible.js";
import { say } from "../words.js";
import { deltaText } from "./delta.js";

const MAX_MEMBERS = 8;

/** @param {string} name */
export const columnName = (name) => (name === "" ? say("table.empty-text") : visible(name));

/**
 * The values before and after, and the difference of two numbers.
 * @param {ShownValue} before
 * @param {ShownValue} after
 * @returns {Content}
 */
export function changeContent(before, after) {
  const delta = deltaText(before, after);
  return [
    h("del", {}, valueContent(before)),
    h("span", { "aria-hidden": "true" }, " → "),
    h("ins", {}, valueContent(after)),
    delta && [" ", h("span", { class: "delta quiet" }, delta)],
  ];
}

/**
 * @param {ShownValue} shown
 * @returns {Content}
 */
export function valueContent({ cell, value }) {
  const whole = () => showDialog(say("table.whole"), h("pre", { tabindex: "0" }, visible(wholeText(value))));
  return cellContent(cell, whole);
}

/** @param {ShownValue["value"]} value */
const wholeText = (value) => (typeof value === "string" ? value : jsonText(value ?? null));

/**
 * The values of a row that only one side has: the first ones, and all in a dialog.
 * @param {[column: string, value: ShownValue][]} members
 * @param {"ins" | "del"} mark
 * @returns {Content}
 */
export function wholeRow(members, mark) {
  const all = () =>
    showDialog(
      say("replay.whole-row"),
      h(
        "dl",
        {},
        members.map(([name, value]) => [h("dt", {}, columnName(name)), h("dd", {}, valueContent(value))]),
      ),
    );
  const left = members.length > MAX_MEMBERS;
  return [
    members
      .slice(0, MAX_MEMBERS)
      .map(([name, value], at) => [
        at > 0 && " · ",
        h("span", { class: "quiet" }, columnName(name), ": "),
        h(mark, {}, valueContent(value)),
      ]),
    left && [" ", h("button", { type: "button", class: "small", click: all }, say("replay.whole-row.show"))],
  ];
}
