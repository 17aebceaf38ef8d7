// @ts-check
// The rows of the overview: their order, and those that a search finds.

/** @import { Script, ScriptActivity } from "../types.js" */

/** @typedef {Script & { activity: ScriptActivity }} ActiveScript */

/** The share of executions that failed; 0 without any. @param {ScriptActivity} activity */
export const failureRate = ({ executions, failed }) => (executions ? failed / executions : 0);

/**
 * The values by which a column is sorted.
 * @type {Record<string, (script: ActiveScript) => number | string>}
 */
const VALUES = {
  name: ({ name }) => name,
  last: ({ activity }) => activity.last?.submitted_at ?? "",
  runs: ({ activity }) => activity.executions,
  failed: ({ activity }) => activity.failed,
  p95: ({ activity }) => activity.p95_ms ?? -1,
};

/** The order without another choice: those that ran most come first. */
const DEFAULT_SORT = "-runs";

/** @param {string} column */
const firstOrder = (column) => (column === "name" ? column : `-${column}`);

/**
 * The order after a click on a column: the usual one of the column, or its reverse if it is that already.
 * @param {string} column
 * @param {string} present
 */
export const orderAfter = (column, present) =>
  firstOrder(column) !== present ? firstOrder(column) : present.startsWith("-") ? column : `-${column}`;

/**
 * The order that an address names, or the usual one.
 * @param {string | undefined} order A column, with `-` before it if the largest come first.
 */
export const orderOf = (order) => (order && Object.hasOwn(VALUES, order.replace(/^-/, "")) ? order : DEFAULT_SORT);

/**
 * The scripts with the text in their name or description, in an order; equal ones by name.
 * @param {ActiveScript[]} scripts
 * @param {string} text
 * @param {string} order
 */
export function shownRows(scripts, text, order) {
  const [value, sign] = [VALUES[order.replace(/^-/, "")], order.startsWith("-") ? -1 : 1];
  const wanted = text.trim().toLowerCase();
  return scripts
    .filter(({ name, description }) => `${name}\n${description.toLowerCase()}`.includes(wanted))
    .sort((one, other) => sign * compared(value(one), value(other)) || compared(one.name, other.name));
}

/**
 * @param {number | string} one
 * @param {number | string} other
 */
const compared = (one, other) => (one < other ? -1 : Number(one > other));
