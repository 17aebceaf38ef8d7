// What a cell shows of a value: its kind and the beginning of its text.

import { ABSENT, isNested, jsonText, kindOf } from "./kinds.js";
import { beginning } from "./texts.js";

/** So many characters of a value stand in a cell. */
export const CELL_CHARACTERS = 200;

/** The text that a cell stands for: a text as it is, a value with members as JSON, nothing where there is nothing. */
export function textOf(value, limit = Infinity) {
  if (value === ABSENT) return "";
  return typeof value === "string" ? value : jsonText(value, limit);
}

/** A cell: `{kind, text}`, and `isCut` if there is more. An array or object without members is not worth opening. */
export function cellOf(value, limit = CELL_CHARACTERS) {
  const whole = textOf(value, limit);
  const cell = { kind: kindOf(value), text: beginning(whole, limit) };
  if (cell.text !== whole) cell.isCut = true;
  if (isNested(value) && whole.length > 2) cell.opens = true;
  return cell;
}
