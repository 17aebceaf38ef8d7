// A list that comes page by page.

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { say } from "../words.js";
import { attempts } from "./attempt.js";

/**
 * A table of a list of the API, with a button for its next page while there is one.
 * `pathAt(cursor)` is the path of a page, `heads` are the columns' words, `cells(item)` an item's cells.
 * Resolves once the first page is there.
 */
export async function pagedTable({ pathAt, heads, cells, empty, caption, signal }) {
  const rows = h("tbody");
  const after = h("div", { class: "row" });
  const { place, attempt } = attempts();
  const add = async (cursor) => {
    const { items, next_cursor: next } = await get(pathAt(cursor), { signal });
    rows.append(
      ...items.map((item) =>
        h(
          "tr",
          {},
          cells(item).map((cell) => h("td", {}, cell)),
        ),
      ),
    );
    fill(after, next && h("button", { type: "button", click: () => attempt(() => add(next)) }, say("more")));
  };
  await add(undefined);
  if (rows.children.length === 0) return h("p", { class: "quiet" }, empty);
  const head = h(
    "thead",
    {},
    h(
      "tr",
      {},
      heads.map((words) => h("th", { scope: "col" }, words)),
    ),
  );
  return h(
    "div",
    {},
    scrolling(h("table", {}, h("caption", { class: "unseen" }, caption), head, rows), caption),
    after,
    place,
  );
}

/** What may be wider than the window, and is then moved by itself, with the keyboard as well. */
export const scrolling = (content, label) =>
  h("div", { class: "scrolling", tabindex: "0", role: "region", "aria-label": label }, content);
