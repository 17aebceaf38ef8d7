// What a chart draws of a table.

import { isNested, jsonText } from "./kinds.js";
import { compareValues } from "./order.js";

/** So many series have colours that can be told apart; what is beyond is put together. */
export const MOST_SERIES = 7;

/** What is grouped by: values that are the same JSON are one. */
const groupOf = (value) => (isNested(value) ? jsonText(value, 200) : value);

/**
 * Rows with the same x and the same series are put together, by their "sum" or their "mean".
 *
 * `x` is a column or -1 for the row's number, `y` a column, `by` a column or -1. At most `limit` values of x are
 * drawn: numbers are picked evenly, of anything else the first. Answers with
 *   labels    the values of x in their order
 *   series    `{name, values}` each, a value or null for each label; `isRest` is one that puts together what is beyond
 *             `MOST_SERIES`
 *   xs, among how many values of x are drawn, among how many; `isEven` if picked evenly
 *   rows, left  how many rows have a number for y, and how many have none and are left out
 *   isGrouped   whether any rows were put together
 */
export function pointsOf(table, { x, y, by, how, limit }, compareTexts) {
  const xAt = (row) => (x < 0 ? row + 1 : groupOf(table.cell(row, x)));
  const nameAt = (row) => (by < 0 ? undefined : groupOf(table.cell(row, by)));
  const rows = numberedRows(table, y);
  const inOrder = (values) => [...values].sort((one, other) => compareValues(one, other, compareTexts));
  const all = inOrder(new Set(rows.map(xAt)));
  const { labels, isEven } = picked(all, limit);
  const names = mostOf(rows, nameAt);
  const kept = inOrder(names.kept);
  const groups = summed(table, y, rows, { xAt, nameAt, labels, kept });
  const series = groups.map(({ sums, counts }, at) => ({
    ...(at < kept.length ? { name: kept[at] } : { isRest: true, names: names.rest }),
    values: labels.map((_, place) => (counts[place] === 0 ? null : sums[place] / (how === "mean" ? counts[place] : 1))),
  }));
  const isUsed = ({ isRest }) => !isRest || names.rest > 0;
  return {
    labels,
    series: series.filter(isUsed),
    xs: labels.length,
    among: all.length,
    isEven,
    rows: rows.length,
    left: table.count - rows.length,
    isGrouped: groups.some(({ counts }) => counts.some((count) => count > 1)),
  };
}

function numberedRows(table, y) {
  const rows = [];
  for (let row = 0; row < table.count; row += 1) if (typeof table.cell(row, y) === "number") rows.push(row);
  return rows;
}

function picked(values, limit) {
  if (values.length <= limit) return { labels: values, isEven: false };
  if (!values.every((one) => typeof one === "number")) return { labels: values.slice(0, limit), isEven: false };
  const step = (values.length - 1) / (limit - 1);
  return { labels: Array.from({ length: limit }, (_, at) => values[Math.round(at * step)]), isEven: true };
}

/** The names of the series that have most rows, and how many others there are. */
function mostOf(rows, nameAt) {
  const counts = new Map();
  for (const row of rows) counts.set(nameAt(row), (counts.get(nameAt(row)) ?? 0) + 1);
  const names = [...counts.keys()];
  if (names.length > MOST_SERIES) names.sort((one, other) => counts.get(other) - counts.get(one));
  return { kept: names.slice(0, MOST_SERIES), rest: Math.max(0, names.length - MOST_SERIES) };
}

/** Sums and counts by series (one more than are kept, for all others) and by label. */
function summed(table, y, rows, { xAt, nameAt, labels, kept }) {
  const places = new Map(labels.map((label, at) => [label, at]));
  const order = new Map(kept.map((name, at) => [name, at]));
  const empty = () => new Float64Array(labels.length);
  const groups = Array.from({ length: kept.length + 1 }, () => ({ sums: empty(), counts: empty() }));
  for (const row of rows) {
    const place = places.get(xAt(row));
    if (place === undefined) continue;
    const { sums, counts } = groups[order.get(nameAt(row)) ?? kept.length];
    sums[place] += table.cell(row, y);
    counts[place] += 1;
  }
  return groups;
}
