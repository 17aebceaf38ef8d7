// @ts-check
// Cells: the kind of a value and the beginning of its text.

/** @import { Cell, MaybeJson } from "../types.js" */

import { ABSENT, isNested, jsonText, kindOf } from "./kinds.js";
import { beginning } from "./texts.js";

/** The maximum number of characters of a value in a cell. */
const CELL_CHARACTERS = 200;

/**
 * The text of a value: a text as it is, anything else as JSON, nothing for an absent value.
 * @param {MaybeJson} value
 * @param {number} [limit]
 */
export function textOf(value, limit = Infinity) {
  if (value === ABSENT) return "";
  return typeof value === "string" ? value : jsonText(value, limit);
}

/**
 * The cell of a value. Empty arrays and objects cannot be opened.
 * @param {MaybeJson} value
 * @param {number} [limit]
 * @returns {Cell}
 */
export function cellOf(value, limit = CELL_CHARACTERS) {
  const whole = textOf(value, limit);
  /** @type {Cell} */
  const cell = { kind: kindOf(value), text: beginning(whole, limit) };
  if (cell.text !== whole) cell.isCut = true;
  if (isNested(value) && whole.length > 2) cell.opens = true;
  return cell;
}
