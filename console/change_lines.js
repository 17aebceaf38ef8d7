// @ts-check
// The differences in the response to a preview, with the texts of their values, which have all digits of numbers.

import { memberText, partsOf } from "./json_text.js";

/** @typedef {Map<string, string>} Texts Texts of values by their names. */

/**
 * A difference with the texts of its values.
 * @typedef {object} ChangeLine
 * @property {"changed" | "added" | "removed"} change
 * @property {number | null} position
 * @property {string | null} pointer
 * @property {Texts} key
 * @property {Texts} row
 * @property {Map<string, { before?: string, after?: string }>} cells
 * @property {string} [before]
 * @property {string} [after]
 */

/**
 * @param {string} text
 * @returns {ChangeLine}
 */
function lineOf(text) {
  const { change, position, pointer } = JSON.parse(text);
  const cells = Array.from(partsOf(memberText(text, "cells") ?? ""), (cell) => {
    const { column } = JSON.parse(cell.text);
    return /** @type {const} */ ([column, both(cell.text)]);
  });
  return {
    change,
    position,
    pointer,
    key: textsIn(memberText(text, "key")),
    row: textsIn(memberText(text, "row")),
    cells: new Map(cells),
    ...both(text),
  };
}

/** @param {string} text */
const both = (text) => ({ before: memberText(text, "before"), after: memberText(text, "after") });

/**
 * @param {string} [object]
 * @returns {Texts}
 */
const textsIn = (object = "") => new Map(Array.from(partsOf(object), ({ name = "", text }) => [name, text]));

/**
 * The differences in the text of a response.
 * @param {string} response
 */
export function changeLines(response) {
  const found = memberText(memberText(response, "differences") ?? "", "differences") ?? "";
  return Array.from(partsOf(found), ({ text }) => lineOf(text));
}
