// @ts-check
// The order of rows: any two values are ordered, and rows with equal values keep their order.

/** @import { CompareTexts, MaybeJson, Sort, Table } from "../types.js" */

import { textOf } from "./cells.js";
import { kindOf } from "./kinds.js";

/** @typedef {"number" | "text" | "boolean" | "nested" | "null" | "absent"} Group */

/** @type {Group[]} */
const GROUPS = ["number", "text", "boolean", "nested", "null", "absent"];
/** @type {Group[]} */
const EMPTY_GROUPS = ["null", "absent"];

/**
 * The order of texts in a locale. Texts that are equal there are ordered by their code units.
 * @param {string} locale
 * @returns {CompareTexts}
 */
export function comparing(locale) {
  const collator = new Intl.Collator(locale, { numeric: true });
  return (left, right) => collator.compare(left, right) || byCodeUnits(left, right);
}

/** @type {CompareTexts} */
const byCodeUnits = (left, right) => (left < right ? -1 : Number(left > right));

/**
 * The row numbers of a table in the order of a column: numbers by size, then texts, booleans, and arrays and objects by
 * their JSON. Empty cells are last in both directions.
 * @param {Table} table
 * @param {Sort} sort
 * @param {CompareTexts} compareTexts
 */
export function orderOf(table, { column, descending }, compareTexts) {
  /** @type {Record<Group, number[]>} */
  const groups = { number: [], text: [], boolean: [], nested: [], null: [], absent: [] };
  for (let row = 0; row < table.count; row += 1) groups[groupOf(table.cell(row, column))].push(row);
  const valued = GROUPS.filter((group) => !EMPTY_GROUPS.includes(group));
  if (descending) valued.reverse();
  const sorted = valued.map((group) => {
    const rows = groups[group];
    const rank = group === "number" ? numberRank(table, column) : textRank(table, column, rows, compareTexts);
    return sortedRows(rows, rank, descending);
  });
  return Uint32Array.from([...sorted, groups.null, groups.absent].flat());
}

/**
 * @param {MaybeJson} value
 * @returns {Group}
 */
function groupOf(value) {
  const kind = kindOf(value);
  return kind === "array" || kind === "object" ? "nested" : kind;
}

/**
 * Rows by their ranks. Equal ones keep their order, in both directions.
 * @param {number[]} rows
 * @param {(row: number) => number} rank
 * @param {boolean} descending
 */
function sortedRows(rows, rank, descending) {
  const ranks = Float64Array.from(rows, rank);
  const places = Uint32Array.from(rows, (_, at) => at);
  places.sort(
    descending
      ? (left, right) => ranks[right] - ranks[left] || left - right
      : (left, right) => ranks[left] - ranks[right] || left - right,
  );
  return Array.from(places, (at) => rows[at]);
}

/**
 * @param {Table} table
 * @param {number} column
 */
const numberRank = (table, column) => (/** @type {number} */ row) => Number(table.cell(row, column));

/**
 * The ranks of texts. Each distinct text is compared once: most columns have few.
 * @param {Table} table
 * @param {number} column
 * @param {number[]} rows
 * @param {CompareTexts} compareTexts
 */
function textRank(table, column, rows, compareTexts) {
  /** @param {number} row */
  const textAt = (row) => textOf(table.cell(row, column));
  const distinct = [...new Set(rows.map(textAt))].sort(compareTexts);
  const ranks = new Map(distinct.map((text, at) => [text, at]));
  return (/** @type {number} */ row) => ranks.get(textAt(row)) ?? 0;
}

/**
 * Compare two values as `orderOf` does, ascending.
 * @param {MaybeJson} left
 * @param {MaybeJson} right
 * @param {CompareTexts} compareTexts
 */
export function compareValues(left, right, compareTexts) {
  const [first, second] = [groupOf(left), groupOf(right)];
  if (first !== second) return GROUPS.indexOf(first) - GROUPS.indexOf(second);
  if (first === "number") return Number(left) - Number(right);
  return EMPTY_GROUPS.includes(first) ? 0 : compareTexts(textOf(left), textOf(right));
}
