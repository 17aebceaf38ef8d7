// @ts-check
// The differences of a preview from a version on the same dataset: their counts, the changes of each column, and the
// changed cells with both values, as they are written.

/**
 * @import { Content, PreviewDifferences } from "../types.js"
 * @import { ChangeLine } from "../change_lines.js"
 */

import { changeLines } from "../change_lines.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { cellContent } from "../results/cell_view.js";
import { cellOf } from "../results/cells.js";
import { visible } from "../results/visible.js";
import { say } from "../words.js";
import { changesSummary } from "./changes_summary.js";
import { scrolling } from "./paged_table.js";
import { runErrorNote } from "./run_error.js";

const MAX_SHOWN = 100;
const MAX_COLUMNS = 30;

/**
 * @param {PreviewDifferences} differences
 * @param {string} response The text of the response.
 * @returns {Content}
 */
export function previewChanges(differences, response) {
  const { against_version: version, kind, equal, error } = differences;
  if (kind === "stopped") return h("p", { class: "note" }, say("try.not-compared"));
  if (equal) return h("p", { class: "note" }, say("try.no-changes", { version }));
  if (kind === "outcome")
    return [
      h("p", {}, error ? say("try.failed-before", { version }) : say("try.succeeded-before", { version })),
      error && runErrorNote(error),
    ];
  const lines = changeLines(response);
  const shown = lines.slice(0, MAX_SHOWN);
  return [
    kind === "table" && changesSummary(differences),
    kind === "table" ? rowsTable(shown, differences) : pathsTable(shown),
    (differences.count ?? 0) > shown.length &&
      h("p", { class: "note" }, say("compare.kept", { count: count(shown.length) })),
  ];
}

/**
 * @param {ChangeLine[]} lines
 * @param {PreviewDifferences} differences
 */
function rowsTable(lines, { key, columns }) {
  const keys = key ?? [];
  const changed = (columns ?? []).filter((column) => column.changed > 0).map(({ name }) => name);
  const hasWhole = lines.some(({ row }) => row.size > 0); // rows that were added or removed have all columns
  const others = (columns ?? []).map(({ name }) => name).filter((name) => hasWhole && !changed.includes(name));
  const names = [...changed, ...others].slice(0, MAX_COLUMNS);
  const heads = [say("compare.state"), keys.length > 0 ? keys.map(nameOf) : say("table.row"), names.map(nameOf)].flat();
  return changesTable(
    heads,
    lines.map((line) => [
      keys.length > 0
        ? keys.map((name) => h("th", { scope: "row" }, valueContent(line.key.get(name))))
        : positionOf(line),
      names.map((name) => cellElement(line, name)),
    ]),
    lines,
  );
}

/** @param {ChangeLine[]} lines */
const pathsTable = (lines) =>
  changesTable(
    [say("compare.state"), say("compare.place"), say("table.value")],
    lines.map(({ pointer, before, after }) => [
      h("td", {}, pointer ? h("code", {}, visible(pointer)) : say("compare.top")),
      h("td", {}, change(before, after)),
    ]),
    lines,
  );

/**
 * @param {Content[]} heads
 * @param {Content[]} rows
 * @param {ChangeLine[]} lines
 */
const changesTable = (heads, rows, lines) =>
  scrolling(
    h(
      "table",
      { class: "rows compared" },
      h("caption", { class: "visually-hidden" }, say("compare.results")),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((head) => h("th", { scope: "col" }, head)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((cells, at) => {
          const state = lines[at].change;
          return h("tr", { class: state }, h("td", { class: "state" }, say(`compare.state.${state}`)), cells);
        }),
      ),
    ),
    say("compare.results"),
  );

/** @param {ChangeLine} line */
const positionOf = ({ position }) =>
  h("th", { scope: "row", class: "number" }, position === null ? "–" : count(position + 1));

/**
 * @param {ChangeLine} line
 * @param {string} name
 */
function cellElement({ cells, row }, name) {
  const cell = cells.get(name);
  return h("td", {}, cell ? change(cell.before, cell.after) : row.has(name) && valueContent(row.get(name)));
}

/**
 * Both values of a change.
 * @param {string} [before]
 * @param {string} [after]
 * @returns {Content}
 */
const change = (before, after) => [
  h("del", {}, valueContent(before)),
  h("span", { "aria-hidden": "true" }, " → "),
  h("ins", {}, valueContent(after)),
];

/**
 * The value of a text. A number is shown with all its digits.
 * @param {string} [text]
 */
function valueContent(text) {
  const cell = cellOf(text === undefined ? undefined : JSON.parse(text));
  return cellContent(cell.kind === "number" && text !== undefined ? { ...cell, text } : cell);
}

/** @param {string} name */
const nameOf = (name) => (name === "" ? say("table.empty-text") : visible(name));
