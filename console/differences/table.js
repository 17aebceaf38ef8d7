// @ts-check
// The differences of two results: changed cells, the values at changed paths, or the outcomes if one has no result.

/** @import { Content, ShownDifference } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { scrolling } from "../parts/paged_table.js";
import { say } from "../words.js";
import { outcomeDifference } from "./outcome.js";
import { pathsTable } from "./paths.js";
import { keepInView } from "./sticky.js";
import { changeContent, columnName, valueContent, wholeRow } from "./values.js";

const MAX_COLUMNS = 100;

/**
 * @param {ShownDifference[]} lines
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
 * @param {ShownDifference[]} lines
 * @param {string} label
 */
function rowsTable(lines, label) {
  const keys = [...new Set(lines.flatMap(({ key }) => (key ?? []).map(([column]) => column)))];
  const changed = [...new Set(lines.flatMap(({ cells }) => cells.map(({ column }) => column)))];
  const columns = changed.slice(0, MAX_COLUMNS);
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
        columns.length === 0 && h("td"), // above the rows that only one side has
      ),
    ),
    h(
      "tbody",
      {},
      lines.map((line) => row(line, keys, columns)),
    ),
  );
  keepInView(table, Math.max(1, keys.length));
  return [
    scrolling(table, label),
    changed.length > MAX_COLUMNS && h("p", { class: "note" }, counted("replay.too-wide", MAX_COLUMNS)),
  ];
}

const rowHead = () => h("th", { scope: "col", class: "key number" }, say("replay.row"));

/**
 * @param {ShownDifference} line
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
          value && valueContent(value),
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

/** @param {ShownDifference["cells"][number]} [cell] */
function cellPair(cell) {
  if (!cell) return h("td", { class: "quiet" }, "");
  const { before, after } = cell;
  const isNumber = before.cell.kind === "number" && after.cell.kind === "number";
  return h("td", { class: isNumber && "number" }, changeContent(before, after));
}
