// @ts-check
// Lines of a replay's differences, parsed with all digits of their numbers.

/** @import { DifferenceLine, Json, MaybeJson, ShownValue } from "../types.js" */

import { cellOf } from "../results/cells.js";
import { ABSENT, member } from "../results/kinds.js";

/** The text of a number that a JavaScript number does not keep. */
class ExactNumber {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @typedef {{ [name: string]: Json }} Members */
/** @typedef {{ value: Members, exact: Members }} Twice An object as JavaScript has it, and with exact numbers. */

/**
 * Parse a line.
 * @param {string} line
 * @returns {DifferenceLine}
 */
export function differenceOf(line) {
  const value = JSON.parse(line);
  const twice = { value, exact: exactJson(line, value) };
  return {
    number: value.number,
    originalId: value.original_id,
    executionId: value.execution_id,
    change: value.change,
    key: membersOf(twice, "key"),
    position: value.position ?? null,
    cells: (value.cells ?? []).map((/** @type {Members} */ cell, /** @type {number} */ at) => {
      const both = { value: cell, exact: /** @type {Members[]} */ (twice.exact.cells)[at] };
      return { column: cell.column, before: shown(both, "before"), after: shown(both, "after") };
    }),
    row: membersOf(twice, "row"),
    pointer: value.pointer ?? null,
    before: shown(twice, "before"),
    after: shown(twice, "after"),
  };
}

/**
 * The members of an object inside of another one, as they are shown.
 * @param {Twice} twice
 * @param {string} name
 * @returns {[string, ShownValue][] | null}
 */
function membersOf({ value, exact }, name) {
  const inner = /** @type {Members | null | undefined} */ (value[name]);
  if (!inner) return null;
  const both = { value: inner, exact: /** @type {Members} */ (exact[name]) };
  return Object.keys(inner).map((key) => [key, shown(both, key)]);
}

/**
 * A member as it is shown. Numbers inside of arrays and objects are those of JavaScript.
 * @param {Twice} twice
 * @param {string} name
 * @returns {ShownValue}
 */
function shown({ value, exact }, name) {
  /** @type {MaybeJson | ExactNumber} */
  const precise = member(exact, name);
  const own = member(value, name);
  const cell = cellOf(own);
  if (precise instanceof ExactNumber) cell.text = precise.text;
  return { value: own === undefined ? ABSENT : own, cell };
}

/**
 * JSON whose numbers are exact where the browser can read them so, and otherwise the value that is known already. A value
 * that is nested too deeply for a reviver is such a value too.
 * @param {string} line
 * @param {Members} known
 * @returns {Members}
 */
function exactJson(line, known) {
  /** @type {(text: string, reviver: (key: string, value: unknown, context?: { source?: string }) => unknown) => Members} */
  const parse = JSON.parse;
  try {
    return parse(line, (_, value, context) =>
      typeof value === "number" && context?.source && context.source !== String(value)
        ? new ExactNumber(context.source)
        : value,
    );
  } catch (error) {
    if (error instanceof RangeError) return known;
    throw error;
  }
}
