// @ts-check
// The contents of columns, and the columns to start with when drawing a chart or matching rows.

/** @import { DescribedColumn, Kind, MaybeJson, ProposedChart, Table } from "../types.js" */

import { jsonText, kindOf } from "./kinds.js";

/** Distinct values of a column are counted up to this number. */
export const MOST_DISTINCT = 1_000;

/** Times with more values are drawn as a line. */
const MAX_BARS = 12;

/** A proposed chart has at most this many series. */
const MAX_PROPOSED_SERIES = 12;

/** Only this many columns are examined. */
const MAX_EXAMINED_COLUMNS = 500;

/**
 * Each column with its contents: `kinds` counts its values by kind, `distinct` its distinct texts and numbers (up to
 * `MOST_DISTINCT`), and `isWhole` means that its numbers are all integers.
 * @param {Table} table
 * @returns {DescribedColumn[]}
 */
export function describedColumns(table) {
  return table.columns.map((column, at) => ({
    ...column,
    ...(at < MAX_EXAMINED_COLUMNS ? examine(table, at) : UNKNOWN),
  }));
}

/**
 * Tests if the numbers of a column are amounts, whose digits are grouped: not years, quarters and the like, nor ids.
 * @param {Table} table
 * @param {DescribedColumn} column
 * @param {number} at
 */
export const isAmount = (table, column, at) =>
  isNumeric(column) && !(column.isWhole && (ID.test(column.name ?? "") || isTimeLike(table, at)));

const UNKNOWN = { kinds: {}, distinct: 0, isWhole: false };

/**
 * @param {Table} table
 * @param {number} column
 */
function examine(table, column) {
  /** @type {Partial<Record<Kind, number>>} */
  const kinds = {};
  const distinct = new Set();
  let isWhole = true;
  for (let row = 0; row < table.count; row += 1) {
    const value = table.cell(row, column);
    const kind = kindOf(value);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    if (kind === "number") isWhole = isWhole && Number.isInteger(value);
    if ((kind === "number" || kind === "text") && distinct.size < MOST_DISTINCT) distinct.add(value);
  }
  return { kinds, distinct: distinct.size, isWhole };
}

/**
 * Tests if a column has numbers and nothing else but empty cells.
 * @param {Pick<DescribedColumn, "kinds">} column
 */
export const isNumeric = ({ kinds }) => hasNumbers(kinds) && Object.keys(kinds).every((kind) => kind in NUMERIC_KINDS);

const NUMERIC_KINDS = { number: 1, null: 1, absent: 1 };

/** @param {DescribedColumn["kinds"]} kinds */
const hasNumbers = ({ number = 0 }) => number > 0;

/** @param {DescribedColumn} column */
const hasTexts = ({ kinds: { text = 0 } }) => text > 0;

const TIME = /^(19|20)\d\d([-/TQ ]?\d{1,2}|-\d\d-\d\d.*)?$/;
const TIME_SAMPLE_ROWS = 20;

/**
 * Tests if a sample of a column looks like days, months, quarters or years.
 * @param {Table} table
 * @param {number} column
 */
function isTimeLike(table, column) {
  const rows = Math.min(table.count, TIME_SAMPLE_ROWS);
  for (let row = 0; row < rows; row += 1) {
    if (!TIME.test(String(table.cell(row, column)))) return false;
  }
  return rows > 0;
}

/**
 * The chart to start with. An amount is more interesting than a count, so numbers with fractions come first for `y`;
 * times come first for `x`, unless they are the only numbers there are.
 * @param {Table} table
 * @param {DescribedColumn[]} columns
 * @returns {ProposedChart}
 */
export function proposedChart(table, columns) {
  const places = columns.map((_, at) => at);
  const numeric = places.filter((at) => isNumeric(columns[at]));
  const named = places.filter((at) => hasTexts(columns[at]) && columns[at].distinct > 1);
  const times = places.filter((at) => columns[at].distinct > 1 && isTimeLike(table, at));
  const time = times.find((at) => numeric.some((other) => other !== at) || numeric.length === 0);
  const x = time ?? named[0] ?? -1;
  const measures = numeric.filter((at) => at !== x);
  const y = measures.find((at) => !columns[at].isWhole) ?? measures[0];
  const isRepeated = x >= 0 && columns[x].distinct < table.count;
  const by = isRepeated ? named.find((at) => at !== x && columns[at].distinct <= MAX_PROPOSED_SERIES) : undefined;
  return { x, y, by: by ?? -1, kind: x === time && columns[x].distinct > MAX_BARS ? "line" : "bar" };
}

const MAX_KEY_COLUMNS = 200;
const MAX_KEY_TEXTS = 6;

/**
 * Columns whose values identify the rows of a table, by index; none if no few columns do. They are texts, and integers
 * whose name suggests an id: an amount is unique by chance only.
 * @param {Table} table
 * @param {DescribedColumn[]} columns
 */
export function defaultKey(table, columns) {
  const places = columns.map((_, at) => at).slice(0, MAX_KEY_COLUMNS);
  const ids = places.filter((at) => isNumeric(columns[at]) && columns[at].isWhole && ID.test(columns[at].name ?? ""));
  const texts = places.filter((at) => hasTexts(columns[at]) || columns[at].role === "key").slice(0, MAX_KEY_TEXTS);
  const candidates = [...[...ids, ...texts].map((at) => [at]), ...texts.slice(1).map((_, i) => texts.slice(0, i + 2))];
  return candidates.find((key) => isUnique(table, key)) ?? [];
}

const ID = /^(id|key|code|codigo|código)$|_id$|Id$/;

/**
 * @param {Table} table
 * @param {number[]} key
 */
function isUnique(table, key) {
  const seen = new Set();
  for (let row = 0; row < table.count; row += 1) {
    const text = keyText(table, row, key);
    if (seen.has(text)) return false;
    seen.add(text);
  }
  return table.count > 0;
}

/**
 * The key of a row as text, equal for equal values only. An absent value is nothing between the commas.
 * @param {Table} table
 * @param {number} row
 * @param {number[]} key
 */
export function keyText(table, row, key) {
  return key.map((column) => keyPart(table.cell(row, column))).join(",");
}

/** @param {MaybeJson} value */
const keyPart = (value) => (value === undefined ? "" : jsonText(value));
