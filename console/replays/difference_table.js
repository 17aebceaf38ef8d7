// @ts-check
// The differences of one execution of a replay: its changed cells, the values at changed paths, or its outcomes.

/** @import { Content, DifferenceLine, ShownValue } from "../types.js" */

import { h } from "../dom.js";
import { count } from "../formats.js";
import { scrolling } from "../parts/paged_table.js";
import { cellContent } from "../results/cell_view.js";
import { showDialog } from "../results/dialog.js";
import { jsonText } from "../results/kinds.js";
import { visible } from "../results/visible.js";
import { say } from "../words.js";
import { deltaText } from "./delta.js";
import { outcomeDifference } from "./outcome_difference.js";
import { keepInView } from "./sticky.js";

const MAX_MEMBERS = 8;

/**
 * @param {DifferenceLine[]} lines
 * @param {string} label
 * @returns {Content}
 */
export function differenceTable(lines, label) {
  const rows = lines.filter(({ pointer, change }) => pointer === null && change !== "outcome");
  const paths = lines.filter(({ pointer }) => pointer !== null);
  return [
    lines.filter(({ change }) => change === "outcome").map(outcomeDifference),
    rows.length > 0 && rowsTable(rows, label),
    paths.length > 0 && pathsTable(paths, label),
  ];
}

/**
 * @param {DifferenceLine[]} lines
 * @param {string} label
 */
function rowsTable(lines, label) {
  const keys = [...new Set(lines.flatMap(({ key }) => (key ?? []).map(([column]) => column)))];
  const columns = [...new Set(lines.flatMap(({ cells }) => cells.map(({ column }) => column)))];
  const table = h(
    "table",
    { class: "rows compared rows-of-key" },
    h("caption", { class: "visually-hidden" }, label),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        keys.length > 0 ? keys.map((name) => h("th", { scope: "col", class: "key" }, columnName(name))) : rowHead(),
        h("th", { scope: "col" }, say("compare.state")),
        columns.map((name) => h("th", { scope: "col" }, columnName(name))),
      ),
    ),
    h(
      "tbody",
      {},
      lines.map((line) => row(line, keys, columns)),
    ),
  );
  keepInView(table, Math.max(1, keys.length));
  return scrolling(table, label);
}

const rowHead = () => h("th", { scope: "col", class: "key number" }, say("replay.row"));

/** @param {string} name */
const columnName = (name) => (name === "" ? say("table.empty-text") : visible(name));

/**
 * @param {DifferenceLine} line
 * @param {string[]} keys
 * @param {string[]} columns
 */
function row({ change, key, position, cells, row: members }, keys, columns) {
  const values = new Map(key ?? []);
  const heads = keys.length
    ? keys.map((name) => {
        const value = values.get(name);
        return h(
          "th",
          { scope: "row", class: value?.cell.kind === "number" ? "key number" : "key" },
          value && content(value),
        );
      })
    : h("th", { scope: "row", class: "key number" }, position === null ? "–" : count(position + 1));
  const changed = new Map(cells.map((cell) => [cell.column, cell]));
  const rest = (members ?? []).filter(([name]) => !values.has(name));
  return h(
    "tr",
    { class: change },
    heads,
    h("td", { class: "state" }, say(`compare.state.${change === "outcome" ? "changed" : change}`)),
    members
      ? h("td", { colspan: Math.max(1, columns.length) }, wholeRow(rest, change === "added" ? "ins" : "del"))
      : columns.map((name) => cellPair(changed.get(name))),
  );
}

/**
 * The values of a row that only one side has: the first ones, and all in a dialog.
 * @param {[column: string, value: ShownValue][]} members
 * @param {"ins" | "del"} mark
 * @returns {Content}
 */
function wholeRow(members, mark) {
  const all = () =>
    showDialog(
      say("replay.whole-row"),
      h(
        "dl",
        {},
        members.map(([name, value]) => [h("dt", {}, columnName(name)), h("dd", {}, content(value))]),
      ),
    );
  const left = members.length > MAX_MEMBERS;
  return [
    members
      .slice(0, MAX_MEMBERS)
      .map(([name, value], at) => [
        at > 0 && " · ",
        h("span", { class: "quiet" }, columnName(name), ": "),
        h(mark, {}, content(value)),
      ]),
    left && [" ", h("button", { type: "button", class: "small", click: all }, say("replay.whole-row.show"))],
  ];
}

/** @param {DifferenceLine["cells"][number]} [cell] */
function cellPair(cell) {
  if (!cell) return h("td", { class: "quiet" }, "");
  const { before, after } = cell;
  const isNumber = before.cell.kind === "number" && after.cell.kind === "number";
  return h("td", { class: isNumber && "number" }, change(before, after));
}

/**
 * The values before and after, and the difference of two numbers.
 * @param {ShownValue} before
 * @param {ShownValue} after
 * @returns {Content}
 */
function change(before, after) {
  const delta = deltaText(before, after);
  return [
    h("del", {}, content(before)),
    h("span", { "aria-hidden": "true" }, " → "),
    h("ins", {}, content(after)),
    delta && [" ", h("span", { class: "delta quiet" }, delta)],
  ];
}

/**
 * @param {ShownValue} shown
 * @returns {Content}
 */
function content({ cell, value }) {
  const whole = () => showDialog(say("table.whole"), h("pre", { tabindex: "0" }, visible(wholeText(value))));
  return cellContent(cell, whole);
}

/** @param {ShownValue["value"]} value */
const wholeText = (value) => (typeof value === "string" ? value : jsonText(value ?? null));

/**
 * @param {DifferenceLine[]} lines
 * @param {string} label
 */
const pathsTable = (lines, label) =>
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

/** @param {DifferenceLine} line */
function pathRow({ pointer, change: kind, before, after }) {
  const values =
    kind === "changed"
      ? change(before, after)
      : h(kind === "added" ? "ins" : "del", {}, content(kind === "added" ? after : before));
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
