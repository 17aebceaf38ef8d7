// @ts-check
// The differences of two tables.

/** @import { CommonColumn, MaybeJson, Table } from "../types.js" */

/** @typedef {{ lefts: Int32Array, rights: Int32Array, repeated: number }} RowPairs */

import { keyText } from "./columns.js";
import { isSame } from "./kinds.js";

export const EQUAL = 0;
export const CHANGED = 1;
export const LEFT_ONLY = 2;
export const RIGHT_ONLY = 3;

const NONE = -1;

/**
 * Tables of the same kind are compared by rows, all other values by paths.
 * @param {Table} left
 * @param {Table} right
 */
export const areComparable = (left, right) =>
  left.kind === right.kind && ["objects", "arrays", "list"].includes(left.kind);

/**
 * The columns of both tables: those of the left, then those that only the right has, with their indexes or -1.
 * @param {Table} left
 * @param {Table} right
 * @returns {CommonColumn[]}
 */
export function commonColumns(left, right) {
  /** @param {Table} table */
  const placesOn = (table) => new Map(table.columns.map((column, at) => [column.name, at]));
  const [inLeft, inRight] = [placesOn(left), placesOn(right)];
  const onlyRight = right.columns.filter(({ name }) => !inLeft.has(name));
  return [...left.columns, ...onlyRight].map((column) => ({
    ...column,
    left: inLeft.get(column.name) ?? NONE,
    right: inRight.get(column.name) ?? NONE,
  }));
}

/**
 * @param {Table} table
 * @param {number} row
 * @param {number} column
 */
export const cellAt = (table, row, column) => (row === NONE || column === NONE ? undefined : table.cell(row, column));

/**
 * The rows of two tables side by side: those of the left in their order, then those that only the right has. They are
 * matched by the values of the key's columns (indexes of `commonColumns`), or by position without a key. Rows with the
 * same key are matched in their order, and `repeated` counts all but the first of each key.
 *
 * `lefts` and `rights` are row numbers or -1, `states` the states of the pairs; `counts` counts pairs by state,
 * `changes` changed cells by column, and `largest` has the largest difference of two numbers of each column, or 0;
 * `isReordered` means that matched rows have another order on the right. Numbers within the tolerance are equal.
 * @param {Table} left
 * @param {Table} right
 * @param {number[]} key
 * @param {number} [tolerance]
 */
export function differencesOf(left, right, key, tolerance) {
  const columns = commonColumns(left, right);
  const matched =
    key.length > 0
      ? byKey(
          left,
          right,
          key.map((at) => columns[at]),
        )
      : byPosition(left, right);
  const size = matched.lefts.length;
  const states = new Uint8Array(size);
  const counts = [0, 0, 0, 0];
  const changed = { changes: columns.map(() => 0), largest: columns.map(() => 0) };
  const stateAt = stateOf({ left, right, columns, tolerance }, changed);
  for (let at = 0; at < size; at += 1) {
    states[at] = stateAt(matched.lefts[at], matched.rights[at]);
    counts[states[at]] += 1;
  }
  return { columns, ...matched, states, counts, ...changed, isReordered: !isAscending(matched) };
}

/**
 * A function of the state of a pair. It notes the different columns in `changes` and `largest`.
 * @param {{ left: Table, right: Table, columns: CommonColumn[], tolerance?: number }} tables
 * @param {{ changes: number[], largest: number[] }} changed
 */
function stateOf({ left, right, columns, tolerance }, { changes, largest }) {
  /**
   * @param {number} leftRow
   * @param {number} rightRow
   */
  return (leftRow, rightRow) => {
    if (rightRow === NONE) return LEFT_ONLY;
    if (leftRow === NONE) return RIGHT_ONLY;
    let state = EQUAL;
    columns.forEach((column, at) => {
      const [before, after] = [cellAt(left, leftRow, column.left), cellAt(right, rightRow, column.right)];
      if (isSame(before, after, tolerance)) return;
      changes[at] += 1;
      largest[at] = Math.max(largest[at], difference(before, after));
      state = CHANGED;
    });
    return state;
  };
}

/**
 * The difference of two numbers; 0 of anything else.
 * @param {MaybeJson} before
 * @param {MaybeJson} after
 */
const difference = (before, after) =>
  typeof before === "number" && typeof after === "number" ? Math.abs(after - before) : 0;

/**
 * Tests if matched rows have the same order on both sides.
 * @param {RowPairs} pairs
 */
function isAscending({ lefts, rights }) {
  const both = rights.filter((row, at) => row !== NONE && lefts[at] !== NONE);
  return both.every((row, at) => at === 0 || row > both[at - 1]);
}

/**
 * @param {Table} left
 * @param {Table} right
 * @returns {RowPairs}
 */
function byPosition(left, right) {
  const length = Math.max(left.count, right.count);
  /** @param {Table} table */
  const rowsOf = (table) => Int32Array.from({ length }, (_, row) => (row < table.count ? row : NONE));
  return { lefts: rowsOf(left), rights: rowsOf(right), repeated: 0 };
}

/**
 * @param {Table} left
 * @param {Table} right
 * @param {CommonColumn[]} key
 * @returns {RowPairs}
 */
function byKey(left, right, key) {
  const waiting = rowsByKey(
    right,
    key.map((column) => column.right),
  );
  const ofLeft = key.map((column) => column.left);
  const isTaken = new Uint8Array(right.count);
  /** @type {number[]} */
  const lefts = [];
  /** @type {number[]} */
  const rights = [];
  const seen = new Set();
  for (let row = 0; row < left.count; row += 1) {
    const text = sideKey(left, row, ofLeft);
    const match = waiting.take(text);
    if (match !== NONE) isTaken[match] = 1;
    lefts.push(row);
    rights.push(match);
    seen.add(text);
  }
  for (let row = 0; row < right.count; row += 1) {
    if (isTaken[row]) continue;
    lefts.push(NONE);
    rights.push(row);
  }
  const repeated = left.count - seen.size + waiting.repeated;
  return { lefts: Int32Array.from(lefts), rights: Int32Array.from(rights), repeated };
}

/**
 * The key of a row. A column that a table does not have is absent in all its rows.
 * @param {Table} table
 * @param {number} row
 * @param {number[]} columns
 */
const sideKey = (table, row, columns) =>
  columns.includes(NONE)
    ? columns.map((column) => (column === NONE ? "" : keyText(table, row, [column]))).join(",")
    : keyText(table, row, columns);

/**
 * The rows of a table by their keys; `take` returns the next one of a key, or -1.
 * @param {Table} table
 * @param {number[]} columns
 */
function rowsByKey(table, columns) {
  /** @type {Map<string, number>} */
  const firsts = new Map();
  const nexts = new Int32Array(table.count).fill(NONE);
  for (let row = table.count - 1; row >= 0; row -= 1) {
    const text = sideKey(table, row, columns);
    nexts[row] = firsts.get(text) ?? NONE;
    firsts.set(text, row);
  }
  const repeated = table.count - firsts.size;
  /** @param {string} text */
  const take = (text) => {
    const row = firsts.get(text) ?? NONE;
    if (row !== NONE) firsts.set(text, nexts[row]);
    return row;
  };
  return { take, repeated };
}
