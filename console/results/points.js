// @ts-check
// The points of a chart of a table.

/** @import { ChartData, CompareTexts, MaybeJson, Points, Table } from "../types.js" */

import { isNested, jsonText } from "./kinds.js";
import { compareValues } from "./order.js";

/** The number of series with distinct colours; all others are combined. */
const MOST_SERIES = 7;

const GROUP_CHARACTERS = 200;

// Integers that stand for times, of one form each. Their differences mean nothing: 20241 follows 20234.
const YEAR = "(19|20)\\d\\d";
const MONTH = "(0[1-9]|1[0-2])";
const ORDINAL_FORMS = [
  new RegExp(`^${YEAR}$`),
  new RegExp(`^${YEAR}[1-4]$`),
  new RegExp(`^${YEAR}${MONTH}$`),
  new RegExp(`^${YEAR}${MONTH}(0[1-9]|[12]\\d|3[01])$`),
];

/** @typedef {string | number | boolean | null | undefined} Group A value, or the JSON text of an array or object. */

/**
 * Tests if values are ordinal: places in an order, with equal distances on an axis. Texts are, and integers that are all
 * years (2023), quarters (20231), months (202312) or days (20231231) from 1900 to 2099. Other numbers are amounts.
 * @param {Group[]} values
 */
const areOrdinal = (values) =>
  !values.every((value) => typeof value === "number") ||
  ORDINAL_FORMS.some((form) => values.every((value) => form.test(String(value))));

/**
 * The group of a value: values with the same JSON are one.
 * @param {MaybeJson} value
 * @returns {Group}
 */
const groupOf = (value) => (isNested(value) ? jsonText(value, GROUP_CHARACTERS) : value);

/**
 * Aggregate the rows with the same x and the same series by their "sum" or "mean".
 *
 * `x` is a column or -1 for the row's number, `y` a column, `by` a column or -1. At most `limit` values of x are drawn:
 * numbers are sampled evenly, otherwise the first are taken. Returns
 *   labels      the values of x in their order
 *   series      `{name, values}` each, with a value or null for each label; `isRest` combines those beyond `MOST_SERIES`
 *   xs, among   the number of x values drawn, and of all; `isEven` if they were sampled evenly
 *   rows, left  the number of rows with a number for y, and of those without one, which are omitted
 *   isOrdinal   true if the values of x are places in an order, not amounts
 *   isGrouped   true if any rows were aggregated
 * @param {Table} table
 * @param {ChartData & { limit: number }} data
 * @param {CompareTexts} compareTexts
 * @returns {Points<Group, Group>}
 */
export function pointsOf(table, { x, y, by, how, limit }, compareTexts) {
  /** @param {number} row */
  const xAt = (row) => (x < 0 ? row + 1 : groupOf(table.cell(row, x)));
  /** @param {number} row */
  const nameAt = (row) => (by < 0 ? undefined : groupOf(table.cell(row, by)));
  const rows = numberedRows(table, y);
  /** @param {Iterable<Group>} values */
  const inOrder = (values) => [...values].sort((left, right) => compareValues(left, right, compareTexts));
  const all = inOrder(new Set(rows.map(xAt)));
  const { labels, isEven } = sample(all, limit);
  const names = largestOf(rows, nameAt);
  const kept = inOrder(names.kept);
  const groups = aggregate(table, y, rows, { xAt, nameAt, labels, kept });
  const series = groups.map(({ sums, counts }, at) => ({
    ...(at < kept.length ? { name: kept[at] } : { isRest: true, names: names.rest }),
    values: labels.map((_, place) => (counts[place] === 0 ? null : sums[place] / (how === "mean" ? counts[place] : 1))),
  }));
  return {
    labels,
    series: series.slice(0, kept.length + (names.rest > 0 ? 1 : 0)),
    xs: labels.length,
    among: all.length,
    isEven,
    isOrdinal: x >= 0 && areOrdinal(all),
    rows: rows.length,
    left: table.count - rows.length,
    isGrouped: groups.some(({ counts }) => counts.some((count) => count > 1)),
  };
}

/**
 * The rows with a number for y.
 * @param {Table} table
 * @param {number} y
 */
function numberedRows(table, y) {
  const rows = [];
  for (let row = 0; row < table.count; row += 1) if (typeof table.cell(row, y) === "number") rows.push(row);
  return rows;
}

/**
 * @param {Group[]} values
 * @param {number} limit
 */
function sample(values, limit) {
  if (values.length <= limit) return { labels: values, isEven: false };
  if (!values.every((value) => typeof value === "number")) return { labels: values.slice(0, limit), isEven: false };
  const step = (values.length - 1) / (limit - 1);
  return { labels: Array.from({ length: limit }, (_, at) => values[Math.round(at * step)]), isEven: true };
}

/**
 * The names of the series with the most rows, and the number of all others.
 * @param {number[]} rows
 * @param {(row: number) => Group} nameAt
 */
function largestOf(rows, nameAt) {
  /** @type {Map<Group, number>} */
  const counts = new Map();
  for (const row of rows) counts.set(nameAt(row), (counts.get(nameAt(row)) ?? 0) + 1);
  const names = [...counts.keys()];
  if (names.length > MOST_SERIES) names.sort((left, right) => (counts.get(right) ?? 0) - (counts.get(left) ?? 0));
  return { kept: names.slice(0, MOST_SERIES), rest: Math.max(0, names.length - MOST_SERIES) };
}

/**
 * @typedef {object} Grouping
 * @property {(row: number) => Group} xAt
 * @property {(row: number) => Group} nameAt
 * @property {Group[]} labels
 * @property {Group[]} kept The names of the series; all others are combined in one more.
 */

/**
 * Sums and counts by series and label.
 * @param {Table} table
 * @param {number} y
 * @param {number[]} rows
 * @param {Grouping} grouping
 */
function aggregate(table, y, rows, { xAt, nameAt, labels, kept }) {
  const places = new Map(labels.map((label, at) => [label, at]));
  const order = new Map(kept.map((name, at) => [name, at]));
  const empty = () => new Float64Array(labels.length);
  const groups = Array.from({ length: kept.length + 1 }, () => ({ sums: empty(), counts: empty() }));
  for (const row of rows) {
    const place = places.get(xAt(row));
    if (place === undefined) continue;
    const { sums, counts } = groups[order.get(nameAt(row)) ?? kept.length];
    sums[place] += Number(table.cell(row, y));
    counts[place] += 1;
  }
  return groups;
}
