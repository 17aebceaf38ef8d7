// @ts-check
// Differences of results, parsed with all digits of their numbers.

/** @import { DifferenceLine, ShownDifference, ShownValue } from "../types.js" */

import { membersOf, partsOf } from "../json_text.js";
import { cellOf } from "../results/cells.js";
import { ABSENT } from "../results/kinds.js";

/**
 * Parse a line of a replay's differences.
 * @param {string} line
 * @returns {DifferenceLine}
 */
export function differenceLineOf(line) {
  const members = membersOf(line);
  return {
    number: plain(members, "number"),
    originalId: plain(members, "original_id"),
    executionId: plain(members, "execution_id"),
    ...differenceOf(line),
  };
}

/**
 * Parse a difference.
 * @param {string} text
 * @returns {ShownDifference}
 */
export function differenceOf(text) {
  const members = membersOf(text);
  return {
    change: plain(members, "change"),
    key: shownMembers(members.get("key")),
    position: plain(members, "position"),
    cells: Array.from(partsOf(members.get("cells") ?? ""), (part) => {
      const cell = membersOf(part.text);
      return { column: plain(cell, "column"), ...bothValues(cell) };
    }),
    row: shownMembers(members.get("row")),
    pointer: plain(members, "pointer"),
    ...bothValues(members),
  };
}

/**
 * A member without long numbers; null if it is missing.
 * @param {Map<string, string>} members
 * @param {string} name
 */
const plain = (members, name) => JSON.parse(members.get(name) ?? "null");

/** @param {Map<string, string>} members */
const bothValues = (members) => ({
  before: shownValue(members.get("before")),
  after: shownValue(members.get("after")),
});

/**
 * The members of an object as they are shown; null if there is no object.
 * @param {string} [object]
 * @returns {[string, ShownValue][] | null}
 */
function shownMembers(object = "null") {
  if (object === "null") return null;
  return Array.from(membersOf(object), ([name, text]) => [name, shownValue(text)]);
}

/**
 * A value as it is shown. Numbers inside of arrays and objects are those of JavaScript.
 * @param {string} [text]
 * @returns {ShownValue}
 */
function shownValue(text) {
  const value = text === undefined ? ABSENT : JSON.parse(text);
  const cell = cellOf(value);
  return { value, cell: text !== undefined && cell.kind === "number" ? { ...cell, text } : cell };
}
