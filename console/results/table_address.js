// @ts-check
// What is shown of a table, as parameters of the page's address, so that a link shows the same. An address may be of another
// table, or written by hand: what it names and the table does not have is ignored.

/** @import { Column, Query, Sort } from "../types.js" */

import { place, remember } from "../router.js";

const ASCENDING = "asc:";
const DESCENDING = "desc:";

/**
 * The parameters of a table. The page of an execution has two tables, so those of its dataset have names of their own.
 * @param {boolean} [isDataset]
 */
export function tableAddress(isDataset = false) {
  const prefix = isDataset ? "dataset_" : "";
  /** @param {string} name */
  const read = (name) => place(location.hash).query[`${prefix}${name}`];
  /** @param {Query} changes */
  const write = (changes) =>
    remember(Object.fromEntries(Object.entries(changes).map(([name, value]) => [`${prefix}${name}`, value])));
  return { read, write };
}

/** @typedef {ReturnType<typeof tableAddress>} TableAddress */

/**
 * The name of a column in an address. Only objects have a key and a value, and they have no other columns.
 * @param {Column} column
 */
const nameOf = ({ role, name }) => name ?? role;

/**
 * The index of the column that has a name in an address, or -1.
 * @param {Column[]} columns
 * @param {string} name
 */
const columnNamed = (columns, name) => columns.findIndex((column) => nameOf(column) === name);

/**
 * @param {string} name
 * @param {boolean} isDescending
 */
export const orderText = (name, isDescending) => `${isDescending ? DESCENDING : ASCENDING}${name}`;

/**
 * The name and the direction of a text that `orderText` made.
 * @param {string} [text]
 */
export function orderIn(text = "") {
  const start = [ASCENDING, DESCENDING].find((direction) => text.startsWith(direction));
  return start ? { name: text.slice(start.length), isDescending: start === DESCENDING } : null;
}

/**
 * The text of an order; none for a column that its name does not identify, because it was shortened.
 * @param {Column[]} columns
 * @param {Sort | null} sort
 */
export function sortText(columns, sort) {
  if (!sort || columnNamed(columns, nameOf(columns[sort.column])) !== sort.column) return undefined;
  return orderText(nameOf(columns[sort.column]), sort.descending);
}

/**
 * The order that a text names, if the table has its column.
 * @param {Column[]} columns
 * @param {string} [text]
 * @returns {Sort | null}
 */
export function sortOf(columns, text) {
  const order = orderIn(text);
  const column = order ? columnNamed(columns, order.name) : -1;
  return order && column >= 0 ? { column, descending: order.isDescending } : null;
}

/**
 * The text of the columns of a key.
 * @param {Column[]} columns
 * @param {number[]} key
 */
export const keyText = (columns, key) => JSON.stringify(key.map((at) => nameOf(columns[at])));

/**
 * The columns that a text names, if the table has all of them.
 * @param {Column[]} columns
 * @param {string} [text]
 * @returns {number[] | undefined}
 */
export function keyOf(columns, text = "") {
  const names = listOf(text);
  const key = names?.map((name) => columnNamed(columns, String(name)));
  return key?.some((at) => at < 0) ? undefined : key;
}

/**
 * @param {string} text
 * @returns {unknown[] | undefined}
 */
function listOf(text) {
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
