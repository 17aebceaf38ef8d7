// @ts-check
// The profiles of columns: how their values are distributed.

/** @import { ColumnProfile, DescribedColumn, MaybeJson, Table } from "../types.js" */

import { textOf } from "./cells.js";
import { isNumeric } from "./columns.js";
import { beginning } from "./texts.js";

const BINS = 10;
const LABEL_CHARACTERS = 24;

/**
 * The profile of a column: the type of its values, how many are null or absent, the number of distinct ones as described,
 * and for a column of numbers or of texts the least and the greatest value, and the counts of a histogram. That of numbers
 * has `BINS` ranges of equal width; that of texts has the most frequent values, most frequent first.
 * @param {Table} table
 * @param {number} column
 * @param {DescribedColumn} described
 * @returns {ColumnProfile}
 */
export function profileOf(table, column, described) {
  const { kinds, distinct, isWhole } = described;
  const type = typeOf(kinds, isWhole);
  const empty = (kinds.null ?? 0) + (kinds.absent ?? 0);
  const profile = { type, empty, count: table.count, distinct };
  if (isNumeric(described)) return { ...profile, ...numbersOf(table, column) };
  return type === "text" || type === "boolean" ? { ...profile, ...textsOf(table, column) } : profile;
}

/**
 * @param {DescribedColumn["kinds"]} kinds
 * @param {boolean} isWhole
 * @returns {ColumnProfile["type"]}
 */
function typeOf({ null: _, absent, ...kinds }, isWhole) {
  const [kind, ...others] = /** @type {(keyof typeof kinds)[]} */ (Object.keys(kinds));
  if (kind === undefined) return "none";
  if (others.length > 0) return "mixed";
  return kind === "number" && isWhole ? "integer" : kind;
}

/**
 * @param {Table} table
 * @param {number} column
 */
function numbersOf(table, column) {
  let [least, greatest] = [Infinity, -Infinity];
  eachValue(table, column, (value) => {
    least = Math.min(least, Number(value));
    greatest = Math.max(greatest, Number(value));
  });
  const histogram = new Array(least < greatest ? BINS : 1).fill(0);
  const width = greatest / BINS - least / BINS; // no overflow, whatever the two are
  eachValue(table, column, (value) => {
    const bin = width > 0 ? Math.floor((Number(value) - least) / width) : 0;
    histogram[Math.max(0, Math.min(histogram.length - 1, bin || 0))] += 1;
  });
  return { least: String(least), greatest: String(greatest), histogram };
}

/**
 * @param {Table} table
 * @param {number} column
 */
function textsOf(table, column) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {string | undefined} */
  let least;
  let greatest = "";
  eachValue(table, column, (value) => {
    const text = textOf(value);
    if (least === undefined || text < least) least = text;
    if (text > greatest) greatest = text;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  });
  const histogram = [...counts.values()].sort((one, other) => other - one).slice(0, BINS);
  return {
    least: beginning(least ?? "", LABEL_CHARACTERS),
    greatest: beginning(greatest, LABEL_CHARACTERS),
    histogram,
  };
}

/**
 * @param {Table} table
 * @param {number} column
 * @param {(value: MaybeJson) => void} act
 */
function eachValue(table, column, act) {
  for (let row = 0; row < table.count; row += 1) {
    const value = table.cell(row, column);
    if (value !== null && value !== undefined) act(value);
  }
}
