// @ts-check
// Any result as a table.

/** @import { Column, Json, MaybeJson, Path, Table } from "../types.js" */

/** @typedef {{ [name: string]: Json }} JsonObject */

import { ABSENT, isNested, kindOf, member } from "./kinds.js";

/** The maximum number of columns: rows with unique member names would make millions. */
const MOST_COLUMNS = 10_000;

/**
 * A table of a value. Its kind is that of the value:
 *   "objects"  an array of objects; a column for each member name, in the order of first appearance
 *   "arrays"   an array of arrays; a column for each index
 *   "list"     any other array; one column
 *   "object"   an object; a row for each member, with columns for its name and value
 *   "scalar"   any other value; one row and one column
 * `cell(row, column)` is a value, `values(row)` are all of a row; `hasAll` is false if there are more than MOST_COLUMNS.
 * @param {MaybeJson} value
 * @returns {Table}
 */
export function tableOf(value) {
  if (Array.isArray(value)) return tableOfArray(value);
  if (!isNested(value))
    return { kind: "scalar", count: 1, columns: [VALUE], hasAll: true, cell: () => value, values: () => [value] };
  const keys = Object.keys(value);
  /** @type {Table["cell"]} */
  const cell = (row, column) => (column === 0 ? keys[row] : value[keys[row]]);
  /** @type {Table["values"]} */
  const values = (row) => [keys[row], value[keys[row]]];
  return { kind: "object", count: keys.length, columns: [KEY, VALUE], hasAll: true, cell, values };
}

/** @type {Column} */
const KEY = { role: "key" };
/** @type {Column} */
const VALUE = { role: "value" };

/**
 * @param {Json[]} rows
 * @returns {Table}
 */
function tableOfArray(rows) {
  const count = rows.length;
  if (count > 0 && rows.every(isObject)) return tableOfObjects(rows);
  if (count > 0 && rows.every(isArray)) return tableOfArrays(rows);
  return {
    kind: "list",
    count,
    columns: [VALUE],
    hasAll: true,
    cell: (row) => rows[row],
    values: (row) => [rows[row]],
  };
}

/**
 * @param {Json} value
 * @returns {value is JsonObject}
 */
const isObject = (value) => kindOf(value) === "object";

/**
 * @param {Json} value
 * @returns {value is Json[]}
 */
const isArray = (value) => Array.isArray(value);

/**
 * @param {JsonObject[]} rows
 * @returns {Table}
 */
function tableOfObjects(rows) {
  const { names, hasAll } = namesIn(rows);
  /** @type {Column[]} */
  const columns = names.map((name) => ({ role: "member", name }));
  /** @type {Table["cell"]} */
  const cell = (row, column) => member(rows[row], names[column]);
  return { kind: "objects", count: rows.length, columns, hasAll, cell, values: (row) => Object.values(rows[row]) };
}

/** @param {JsonObject[]} rows */
function namesIn(rows) {
  /** @type {Set<string>} */
  const names = new Set();
  for (const row of rows) {
    for (const name of Object.keys(row)) {
      if (names.size === MOST_COLUMNS && !names.has(name)) return { names: [...names], hasAll: false };
      names.add(name);
    }
  }
  return { names: [...names], hasAll: true };
}

/**
 * @param {Json[][]} rows
 * @returns {Table}
 */
function tableOfArrays(rows) {
  const longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const shown = Math.min(longest, MOST_COLUMNS);
  /** @type {Column[]} */
  const columns = Array.from({ length: shown }, (_, place) => ({ role: "place", name: String(place) }));
  /** @type {Table["cell"]} */
  const cell = (row, column) => (column < rows[row].length ? rows[row][column] : ABSENT);
  return { kind: "arrays", count: rows.length, columns, hasAll: shown === longest, cell, values: (row) => rows[row] };
}

/**
 * The value at a path; absent if there is none.
 * @param {MaybeJson} value
 * @param {Path} path
 */
export function valueAt(value, path) {
  let inside = value;
  for (const key of path) inside = isNested(inside) ? member(inside, key) : ABSENT;
  return inside;
}

const MAX_PARTS = 50;
const MAX_VISITS = 2_000;
const MAX_PART_DEPTH = 3;

/**
 * The arrays inside an object, which can be shown as tables; those nearest to the root come first.
 * @param {Json} value
 */
export function partsOf(value) {
  /** @type {{ path: Path, count: number }[]} */
  const parts = [];
  /** @type {{ inside: JsonObject, path: Path }[]} */
  const queue = isObject(value) ? [{ inside: value, path: [] }] : [];
  for (let at = 0; at < queue.length && at < MAX_VISITS && parts.length < MAX_PARTS; at += 1) {
    const { inside, path } = queue[at];
    for (const key of Object.keys(inside).slice(0, MAX_VISITS)) {
      const found = inside[key];
      if (Array.isArray(found) && found.length > 0) parts.push({ path: [...path, key], count: found.length });
      else if (isObject(found) && path.length < MAX_PART_DEPTH) queue.push({ inside: found, path: [...path, key] });
    }
  }
  return parts.slice(0, MAX_PARTS);
}
