// Where two tables differ.

import { keyText } from "./columns.js";
import { isSame } from "./kinds.js";

export const EQUAL = 0;
export const CHANGED = 1;
export const LEFT_ONLY = 2;
export const RIGHT_ONLY = 3;

const NONE = -1;

/** Tables of the same kind are compared by rows; anything else by paths. */
export const areComparable = (left, right) =>
  left.kind === right.kind && ["objects", "arrays", "list"].includes(left.kind);

/**
 * The columns of both: those of the left, then those that only the right has. Each with its place on each side, or -1.
 */
export function commonColumns(left, right) {
  const placesOn = (table) => new Map(table.columns.map((column, at) => [column.name, at]));
  const [inLeft, inRight] = [placesOn(left), placesOn(right)];
  const onlyRight = right.columns.filter(({ name }) => !inLeft.has(name));
  return [...left.columns, ...onlyRight].map((column) => ({
    ...column,
    left: inLeft.get(column.name) ?? NONE,
    right: inRight.get(column.name) ?? NONE,
  }));
}

export const cellAt = (table, row, column) => (row === NONE || column === NONE ? undefined : table.cell(row, column));

/**
 * Rows of two tables side by side: those of the left in their order, then those that only the right has. They are
 * matched by the values of the key's columns (places in `commonColumns`), or by position if there are none. Rows with
 * the same key are matched in their order, and `repeated` counts those that are not the first of their key.
 *
 * `lefts` and `rights` are row numbers, -1 where there is none; `states` says what each pair is, `counts` counts by
 * state and `changes` the changed cells by column; `isReordered` says that the rows of both sides come in another order
 * on the right.
 */
export function differencesOf(left, right, key) {
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
  const [counts, changes] = [[0, 0, 0, 0], columns.map(() => 0)];
  for (let at = 0; at < size; at += 1) {
    states[at] = stateOf(left, right, columns, matched.lefts[at], matched.rights[at], changes);
    counts[states[at]] += 1;
  }
  return { columns, ...matched, states, counts, changes, isReordered: !isAscending(matched) };
}

/** What a pair is; the columns in which it differs are counted in `changes`. */
function stateOf(left, right, columns, leftRow, rightRow, changes) {
  if (rightRow === NONE) return LEFT_ONLY;
  if (leftRow === NONE) return RIGHT_ONLY;
  let state = EQUAL;
  columns.forEach((column, at) => {
    if (isSame(cellAt(left, leftRow, column.left), cellAt(right, rightRow, column.right))) return;
    changes[at] += 1;
    state = CHANGED;
  });
  return state;
}

/** Whether rows that are on both sides come in the same order there. */
function isAscending({ lefts, rights }) {
  const both = rights.filter((row, at) => row !== NONE && lefts[at] !== NONE);
  return both.every((row, at) => at === 0 || row > both[at - 1]);
}

function byPosition(left, right) {
  const length = Math.max(left.count, right.count);
  const rowsOf = (table) => Int32Array.from({ length }, (_, row) => (row < table.count ? row : NONE));
  return { lefts: rowsOf(left), rights: rowsOf(right), repeated: 0 };
}

function byKey(left, right, key) {
  const waiting = rowsByKey(
    right,
    key.map((column) => column.right),
  );
  const ofLeft = key.map((column) => column.left);
  const isTaken = new Uint8Array(right.count);
  const [lefts, rights, seen] = [[], [], new Set()];
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

/** A column that a side does not have is absent in all its rows. */
const sideKey = (table, row, columns) =>
  columns.includes(NONE)
    ? columns.map((column) => (column === NONE ? "" : keyText(table, row, [column]))).join(",")
    : keyText(table, row, columns);

/** The rows of a table by their keys; `take` gives the next one of a key, in their order. */
function rowsByKey(table, columns) {
  const firsts = new Map();
  const nexts = new Int32Array(table.count).fill(NONE);
  for (let row = table.count - 1; row >= 0; row -= 1) {
    const text = sideKey(table, row, columns);
    nexts[row] = firsts.get(text) ?? NONE;
    firsts.set(text, row);
  }
  const repeated = table.count - firsts.size;
  const take = (text) => {
    const row = firsts.get(text) ?? NONE;
    if (row !== NONE) firsts.set(text, nexts[row]);
    return row;
  };
  return { take, repeated };
}
