// A cell of a table.

import { h } from "../dom.js";
import { say } from "../words.js";
import { visible } from "./visible.js";

/** A text that is no longer than this stays on one line. */
const SHORT_CHARACTERS = 24;

/** What a cell shows: its text, in a manner that tells kinds of values apart. `open` shows the whole of a cut one. */
export function cellContent(cell, open) {
  const { kind, text, isCut, opens } = cell;
  if (kind === "absent") return h("span", { class: "void", title: say("table.absent.why") }, say("table.absent"));
  if (kind === "null") return h("code", { class: "void" }, "null");
  if (kind === "number") return text;
  if (kind === "boolean") return h("code", {}, text);
  if (kind === "text" && text === "") return h("span", { class: "void" }, say("table.empty-text"));
  const shown = kind === "text" ? visible(text) : h("code", {}, visible(text));
  if (text.length <= SHORT_CHARACTERS) shown.classList.add("short");
  return isCut || opens ? [shown, isCut && "… ", open && opening(open)] : shown;
}

const opening = (open) =>
  h(
    "button",
    { type: "button", class: "opening", title: say("table.open"), "aria-label": say("table.open"), click: open },
    "⤢",
  );

/** A cell as an element of a row; what is not there stands where the column's numbers do. */
export const cellElement = (cell, open, isOfNumbers = false) => {
  const isAmong = cell.kind === "number" || (isOfNumbers && (cell.kind === "null" || cell.kind === "absent"));
  return h("td", { class: isAmong && "number" }, cellContent(cell, open));
};

/** What stands at the head of a column. */
export const columnWords = ({ role, name }) =>
  name === undefined ? say(`table.${role}`) : name === "" ? say("table.empty-text") : visible(name);

/** The same for where only a text will do. */
export const columnText = ({ role, name }) => name ?? say(`table.${role}`);
