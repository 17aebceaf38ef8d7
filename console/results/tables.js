// Any result as a table: which rows and columns it has, and what stands where.

import { ABSENT, isNested, kindOf, member } from "./kinds.js";

/** Columns beyond these are not shown: rows that have a name of their own each would make millions. */
export const MOST_COLUMNS = 10_000;

/**
 * A table of a value. Its kind says what of:
 *   "objects"  an array of objects, a column for each name that any of them has, in the order of first appearance
 *   "arrays"   an array of arrays, a column for each place
 *   "list"     any other array: one column
 *   "object"   an object: a row for each member, columns for its name and value
 *   "scalar"   one row, one column
 * A column is `{role, name}`: the role is "member", "place", "key" or "value"; only the first two have a name.
 * `cell(row, column)` is the value there, `values(row)` are all of a row, and `hasAll` says whether there are no more
 * columns than these.
 */
export function tableOf(value) {
  if (Array.isArray(value)) return tableOfArray(value);
  if (!isNested(value))
    return { kind: "scalar", count: 1, columns: [VALUE], hasAll: true, cell: () => value, values: () => [value] };
  const keys = Object.keys(value);
  const cell = (row, column) => (column === 0 ? keys[row] : value[keys[row]]);
  const values = (row) => [keys[row], value[keys[row]]];
  return { kind: "object", count: keys.length, columns: [KEY, VALUE], hasAll: true, cell, values };
}

const KEY = { role: "key" };
const VALUE = { role: "value" };

function tableOfArray(rows) {
  const count = rows.length;
  if (count > 0 && rows.every((row) => kindOf(row) === "object")) return tableOfObjects(rows);
  if (count > 0 && rows.every(Array.isArray)) return tableOfArrays(rows);
  return {
    kind: "list",
    count,
    columns: [VALUE],
    hasAll: true,
    cell: (row) => rows[row],
    values: (row) => [rows[row]],
  };
}

function tableOfObjects(rows) {
  const { names, hasAll } = namesIn(rows);
  const columns = names.map((name) => ({ role: "member", name }));
  const cell = (row, column) => member(rows[row], names[column]);
  return { kind: "objects", count: rows.length, columns, hasAll, cell, values: (row) => Object.values(rows[row]) };
}

function namesIn(rows) {
  const names = new Set();
  for (const row of rows) {
    for (const name of Object.keys(row)) {
      if (names.size === MOST_COLUMNS && !names.has(name)) return { names: [...names], hasAll: false };
      names.add(name);
    }
  }
  return { names: [...names], hasAll: true };
}

function tableOfArrays(rows) {
  const longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const shown = Math.min(longest, MOST_COLUMNS);
  const columns = Array.from({ length: shown }, (_, place) => ({ role: "place", name: String(place) }));
  const cell = (row, column) => (column < rows[row].length ? rows[row][column] : ABSENT);
  return { kind: "arrays", count: rows.length, columns, hasAll: shown === longest, cell, values: (row) => rows[row] };
}

/** The value at a path of keys inside a value; absent if there is none. */
export function valueAt(value, path) {
  return path.reduce((inside, key) => (isNested(inside) ? member(inside, key) : ABSENT), value);
}

const MOST_PARTS = 50;
const MOST_LOOKS = 2_000;

/** Arrays inside an object, by their paths, which make tables of their own: those nearest to the top, first. */
export function partsOf(value) {
  const parts = [];
  const toLookAt = kindOf(value) === "object" ? [[value, []]] : [];
  for (let at = 0; at < toLookAt.length && at < MOST_LOOKS && parts.length < MOST_PARTS; at += 1) {
    const [inside, path] = toLookAt[at];
    for (const key of Object.keys(inside).slice(0, MOST_LOOKS)) {
      const found = inside[key];
      if (Array.isArray(found) && found.length > 0) parts.push({ path: [...path, key], count: found.length });
      else if (kindOf(found) === "object" && path.length < 3) toLookAt.push([found, [...path, key]]);
    }
  }
  return parts.slice(0, MOST_PARTS);
}
