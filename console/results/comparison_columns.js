// @ts-check
// The changes of each column, and the tolerance of numbers.

/** @import { RowsSummary } from "../types.js" */

import { amount } from "../changes.js";
import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { choice } from "../parts/field.js";
import { locale, say } from "../words.js";
import { columnHeading } from "./cell_view.js";
import { CHANGED, EQUAL } from "./differences.js";

const MAX_COLUMNS = 100;
const TOLERANCES = [0, 1e-9, 0.01];
const SMALL = 1e-4;

/**
 * The tolerance of an address: zero unless it is a positive number.
 * @param {string | undefined} text
 */
export function toleranceOf(text) {
  const tolerance = Number(text);
  return tolerance > 0 && Number.isFinite(tolerance) ? tolerance : 0;
}

/**
 * A line for each column with changes. Those of rows that only one side has are not counted.
 * @param {RowsSummary} summary
 */
export function columnChanges({ columns, changes, largest, counts }) {
  const rows = counts[EQUAL] + counts[CHANGED];
  const changed = columns.map((_, at) => at).filter((at) => changes[at] > 0);
  const lines = changed.slice(0, MAX_COLUMNS).map((at) => {
    const words = counted("compare.column", changes[at], { of: count(rows) });
    const most = largest[at] > 0 ? ` · ${say("compare.largest", { difference: amount(largest[at]) })}` : "";
    return h("li", {}, h("strong", {}, columnHeading(columns[at])), `: ${words}${most}`);
  });
  const left = changed.length - lines.length;
  return [
    lines.length > 0 && h("ul", { class: "columns" }, lines),
    left > 0 && h("p", { class: "note" }, counted("compare.columns-left", left)),
  ];
}

/**
 * The choice of the tolerance.
 * @param {number} tolerance
 * @param {(tolerance: number) => unknown} choose
 */
export function toleranceChoice(tolerance, choose) {
  const all = [...new Set([...TOLERANCES, tolerance])].sort((left, right) => left - right);
  const { element } = choice(
    say("compare.tolerance"),
    all.map((each) => /** @type {const} */ ([each, each === 0 ? say("compare.tolerance.none") : toleranceText(each)])),
    { value: tolerance, choose: (value) => choose(Number(value)) },
  );
  element.className = "row";
  return element;
}

/** @param {number} tolerance */
const toleranceText = (tolerance) =>
  tolerance < SMALL ? String(tolerance) : tolerance.toLocaleString(locale, { maximumSignificantDigits: 15 });
