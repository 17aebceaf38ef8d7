// @ts-check
// The comparison of two results, page by page.

/**
 * @import { CellPair, Column, CommonColumn, Comparison, MaybeJson, Pair, PairFilter, Table } from "../types.js"
 * @import { Place } from "./trees.js"
 */

import { cellOf } from "./cells.js";
import { defaultKey, describedColumns } from "./columns.js";
import { areComparable, CHANGED, cellAt, commonColumns, differencesOf, EQUAL } from "./differences.js";
import { ABSENT, isSame } from "./kinds.js";
import { tableOf } from "./tables.js";
import { beginning } from "./texts.js";
import { pathOf, pointerOf, treeDifferences } from "./trees.js";

const NAME_CHARACTERS = 200;
const POINTER_CHARACTERS = 300;

/**
 * Compare two values. `key` are indexes of common columns; without it, a key is proposed. Numbers that differ by no more
 * than the tolerance are equal, unless they are of the key.
 * @param {MaybeJson} left
 * @param {MaybeJson} right
 * @param {number[]} [key]
 * @param {number} [tolerance]
 */
export function comparison(left, right, key, tolerance) {
  const [leftTable, rightTable] = [tableOf(left), tableOf(right)];
  return areComparable(leftTable, rightTable)
    ? tableComparison(leftTable, rightTable, key, tolerance)
    : treeComparison(left, right, tolerance);
}

/**
 * @param {Table} left
 * @param {Table} right
 * @param {number[]} [given]
 * @param {number} [tolerance]
 * @returns {Comparison}
 */
function tableComparison(left, right, given, tolerance) {
  const key = given ?? proposedKey(left, right);
  const found = differencesOf(left, right, key, tolerance);
  const { columns, lefts, rights, states, counts, changes, largest, repeated, isReordered } = found;
  const cellPair = cellPairs(left, right, tolerance);
  const places = Uint32Array.from(states, (_, at) => at);
  const placesOf = lastOnly((which) => places.filter((at) => isWanted(states[at], which)));
  /**
   * @param {number} at
   * @param {number[]} shown
   * @returns {Pair}
   */
  const pair = (at, shown) => ({
    state: states[at],
    left: lefts[at],
    right: rights[at],
    cells: shown.map((column) => cellPair(lefts[at], rights[at], columns[column])),
  });
  return {
    summary: { of: "rows", counts, repeated, isReordered, key, columns: columns.map(withShortName), changes, largest },
    page: (which, from, count, shown) => {
      const all = placesOf(which);
      return { total: all.length, pairs: Array.from(all.subarray(from, from + count), (at) => pair(at, shown)) };
    },
  };
}

/**
 * @template {Column} T
 * @param {T} column
 */
const withShortName = (column) => ({ ...column, name: column.name && beginning(column.name, NAME_CHARACTERS) });

/**
 * The proposed key of the left table, if the right one has its columns. Common columns keep the left's indexes.
 * @param {Table} left
 * @param {Table} right
 */
function proposedKey(left, right) {
  const columns = commonColumns(left, right);
  const key = defaultKey(left, describedColumns(left));
  return key.every((at) => columns[at].right >= 0) ? key : [];
}

/**
 * @param {Table} left
 * @param {Table} right
 * @param {number} [tolerance]
 */
function cellPairs(left, right, tolerance) {
  /**
   * @param {number} leftRow
   * @param {number} rightRow
   * @param {CommonColumn} column
   * @returns {CellPair}
   */
  return (leftRow, rightRow, column) => {
    const [before, after] = [cellAt(left, leftRow, column.left), cellAt(right, rightRow, column.right)];
    if (leftRow < 0 || rightRow < 0 || isSame(before, after, tolerance))
      return { same: cellOf(leftRow >= 0 ? before : after) };
    return { from: cellOf(before), to: cellOf(after) };
  };
}

/**
 * @param {MaybeJson} left
 * @param {MaybeJson} right
 * @param {number} [tolerance]
 * @returns {Comparison}
 */
function treeComparison(left, right, tolerance) {
  const { counts, places, different } = treeDifferences(left, right, tolerance);
  const placesOf = lastOnly((which) =>
    which === "all" ? places : different.filter(({ state }) => isWanted(state, which)),
  );
  /**
   * @param {Place} place
   * @returns {Pair}
   */
  const pair = (place) => ({
    state: place.state,
    pointer: beginning(pointerOf(pathOf(place)), POINTER_CHARACTERS),
    cells: [placePair(place)],
  });
  return {
    summary: { of: "places", counts, kept: [places.length, different.length] },
    page: (which, from, count) => ({
      total: placesOf(which).length,
      pairs: placesOf(which)
        .slice(from, from + count)
        .map(pair),
    }),
  };
}

/**
 * @param {Place} place
 * @returns {CellPair}
 */
function placePair({ state, left, right }) {
  if (state === CHANGED) return { from: cellOf(left), to: cellOf(right) };
  return { same: cellOf(left === ABSENT ? right : left) };
}

/**
 * @param {number} state
 * @param {PairFilter} which
 */
const isWanted = (state, which) => which === "all" || (which === "different" ? state !== EQUAL : state === which);

/**
 * Cache the last value of a function of a filter.
 * @template T
 * @param {(which: PairFilter) => T} compute
 */
function lastOnly(compute) {
  /** @type {{ which: PairFilter, value: T } | null} */
  let last = null;
  /** @param {PairFilter} which */
  return (which) => {
    if (last?.which !== which) last = { which, value: compute(which) };
    return last.value;
  };
}
