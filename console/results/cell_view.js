// @ts-check
// A cell of a table.

/** @import { Cell, Column, Content } from "../types.js" */

import { h } from "../dom.js";
import { say } from "../words.js";
import { visible } from "./visible.js";

/** Texts up to this length are not wrapped. */
const SHORT_CHARACTERS = 24;

/**
 * The content of a cell, styled by the kind of its value. `open` shows the whole of a value that was cut.
 * @param {Cell} cell
 * @param {() => unknown} [open]
 * @returns {Content}
 */
export function cellContent(cell, open) {
  const { kind, text, isCut, opens } = cell;
  if (kind === "absent") return h("span", { class: "void", title: say("table.absent.why") }, say("table.absent"));
  if (kind === "null") return h("code", { class: "void" }, "null");
  if (kind === "number") return text;
  if (kind === "boolean") return h("code", {}, text);
  if (kind === "text" && text === "") return h("span", { class: "void" }, say("table.empty-text"));
  const shown = kind === "text" ? visible(text) : h("code", {}, visible(text));
  if (text.length <= SHORT_CHARACTERS) shown.classList.add("short");
  return isCut || opens ? [shown, isCut && "… ", open && openButton(open)] : shown;
}

/** @param {() => unknown} open */
const openButton = (open) =>
  h(
    "button",
    { type: "button", class: "opening", title: say("table.open"), "aria-label": say("table.open"), click: open },
    "⤢",
  );

/**
 * A cell as an element of a row. In a column of numbers, empty cells are aligned like them.
 * @param {Cell} cell
 * @param {() => unknown} [open]
 * @param {boolean} [isNumericColumn]
 */
export const cellElement = (cell, open, isNumericColumn = false) => {
  const isAligned = cell.kind === "number" || (isNumericColumn && (cell.kind === "null" || cell.kind === "absent"));
  return h("td", { class: isAligned && "number" }, cellContent(cell, open));
};

/**
 * The head of a column.
 * @param {Column} column
 * @returns {Content}
 */
export const columnHeading = ({ role, name }) => {
  if (name === undefined) return say(`table.${unnamed(role)}`);
  return name === "" ? say("table.empty-text") : visible(name);
};

/**
 * The head of a column as plain text.
 * @param {Column} column
 */
export const columnText = ({ role, name }) => name ?? say(`table.${unnamed(role)}`);

/** @param {Column["role"]} role */
const unnamed = (role) => (role === "key" ? "key" : "value");
