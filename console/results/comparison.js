// Two results compared, to be shown page by page.

import { cellOf } from "./cells.js";
import { defaultKey, describedColumns } from "./columns.js";
import { areComparable, CHANGED, cellAt, commonColumns, differencesOf, EQUAL } from "./differences.js";
import { ABSENT, isSame } from "./kinds.js";
import { tableOf } from "./tables.js";
import { beginning } from "./texts.js";
import { pathOf, pointerOf, treeDifferences } from "./trees.js";

const POINTER_CHARACTERS = 300;

/**
 * Two values: a `summary`, and `page(which, from, count, columns)`. Which pairs are shown is "all", "different", or the
 * number of a state. `key` are places of common columns; without it, a key is looked for.
 */
export function comparison(left, right, key) {
  const tables = [tableOf(left), tableOf(right)];
  return areComparable(...tables) ? tablesCompared(...tables, key) : treesCompared(left, right);
}

function tablesCompared(left, right, given) {
  const key = given ?? keyFor(left, right);
  const { columns, lefts, rights, states, counts, changes, repeated, isReordered } = differencesOf(left, right, key);
  const places = Uint32Array.from(states, (_, at) => at);
  const chosen = lastOnly((which) => places.filter((at) => isWanted(states[at], which)));
  const pair = (at, shown) => ({
    state: states[at],
    left: lefts[at],
    right: rights[at],
    cells: shown.map((column) => sides(left, right, lefts[at], rights[at], columns[column])),
  });
  return {
    summary: { of: "rows", counts, repeated, isReordered, key, columns: columns.map(named), changes },
    page: (which, from, count, shown) => {
      const all = chosen(which);
      return { total: all.length, pairs: Array.from(all.subarray(from, from + count), (at) => pair(at, shown)) };
    },
  };
}

const named = (column) => ({ ...column, name: column.name && beginning(column.name, 200) });

/** A key of the left serves if the right has its columns; the left's have the same places among the common ones. */
function keyFor(left, right) {
  const columns = commonColumns(left, right);
  const key = defaultKey(left, describedColumns(left));
  return key.every((at) => columns[at].right >= 0) ? key : [];
}

/** A cell of both sides: one if they are the same, both otherwise. */
function sides(left, right, leftRow, rightRow, column) {
  const [one, other] = [cellAt(left, leftRow, column.left), cellAt(right, rightRow, column.right)];
  if (leftRow >= 0 && rightRow >= 0 && !isSame(one, other)) return { from: cellOf(one), to: cellOf(other) };
  return { same: cellOf(leftRow >= 0 ? one : other) };
}

function treesCompared(left, right) {
  const { counts, places, different } = treeDifferences(left, right);
  const chosen = lastOnly((which) =>
    which === "all" ? places : different.filter(({ state }) => isWanted(state, which)),
  );
  const shown = (place) => ({
    state: place.state,
    pointer: beginning(pointerOf(pathOf(place)), POINTER_CHARACTERS),
    cells: [
      place.state === EQUAL || place.state === CHANGED
        ? both(place)
        : { same: cellOf(place.left === ABSENT ? place.right : place.left) },
    ],
  });
  return {
    summary: { of: "places", counts, kept: [places.length, different.length] },
    page: (which, from, count) => ({
      total: chosen(which).length,
      pairs: chosen(which)
        .slice(from, from + count)
        .map(shown),
    }),
  };
}

const both = ({ state, left, right }) =>
  state === EQUAL ? { same: cellOf(left) } : { from: cellOf(left), to: cellOf(right) };

const isWanted = (state, which) => which === "all" || (which === "different" ? state !== EQUAL : state === which);

function lastOnly(make) {
  let last = {};
  return (which) => (last.which === which ? last : (last = { which, value: make(which) })).value;
}
