// @ts-check
// A table of a list of the API, loaded page by page.

/** @import { Content } from "../types.js" */

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";

/**
 * @template Item
 * @typedef {object} PagedTableOptions
 * @property {(cursor: string | undefined) => string} pathAt The path of a page.
 * @property {Content[]} heads The heads of the columns.
 * @property {(item: Item) => Content[]} cells The cells of an item's row.
 * @property {string} caption
 * @property {(item: Item) => boolean} [keep] Tells which items of a page are shown; all without it.
 * @property {Content} [empty] The content that replaces an empty table, if there can be one.
 * @property {string} [look] The class of a table whose rows are arranged in a way of their own in a narrow window.
 * @property {AbortSignal} signal
 */

/**
 * A table with a button that loads the next page, if there is one. Resolves once the first page is loaded.
 * @template Item
 * @param {PagedTableOptions<Item>} options
 */
export async function pagedTable({ pathAt, heads, cells, keep = () => true, empty, caption, look = "", signal }) {
  const rows = h("tbody");
  const headRow = h(
    "tr",
    {},
    heads.map((words) => h("th", { scope: "col" }, words)),
  );
  const after = h("div", { class: "row" });
  const { errorArea, attempt } = withErrorDisplay();
  /** @param {Item} item */
  const row = (item) =>
    labelled(
      headRow,
      h(
        "tr",
        {},
        cells(item).map((cell) => h("td", {}, cell)),
      ),
    );
  /** @param {string} [cursor] */
  const addPage = async (cursor) => {
    /** @type {{ items: Item[], next_cursor: string | null }} */
    const { items, next_cursor: next } = await get(pathAt(cursor), { signal });
    const kept = items.filter(keep);
    rows.append(...kept.map(row));
    if (kept.length === 0 && next) return addPage(next);
    fill(after, next && h("button", { type: "button", click: () => attempt(() => addPage(next)) }, say("more")));
  };
  await addPage();
  if (rows.children.length === 0) return h("div", { class: "empty" }, empty);
  const title = h("caption", { class: "visually-hidden" }, caption);
  const table = h("table", { class: `cards ${look}`.trim() }, title, h("thead", {}, headRow), rows);
  return h("div", {}, scrolling(table, caption), after, errorArea);
}

/**
 * A row of a table of the class `cards`: in a narrow window it is a card, whose cells have the heads of their columns as
 * labels.
 * @param {HTMLTableRowElement} heads
 * @param {HTMLTableRowElement} row
 */
export function labelled(heads, row) {
  [...row.cells].forEach((cell, at) => {
    const head = heads.cells[at];
    const words = !head?.querySelector(".visually-hidden") && head?.textContent;
    if (words && cell.textContent) cell.setAttribute("data-label", words);
  });
  return row;
}

/**
 * The content of a column that is left out where the window is narrow.
 * @param {Content} content
 */
export const secondary = (content) => h("span", { class: "secondary" }, content);

/**
 * The content of a cell with an amount, or of its head: amounts are aligned at their right. Without one the cell is empty.
 * @param {Content} content
 */
export const amount = (content) =>
  content !== null && content !== undefined && content !== false && h("span", { class: "amount" }, content);

/**
 * A region that scrolls horizontally, also with the keyboard.
 * @param {Content} content
 * @param {string} label
 */
export const scrolling = (content, label) =>
  h("div", { class: "scrolling", tabindex: "0", role: "region", "aria-label": label }, content);
