// @ts-check
// Navigation between pages.

/** @import { CountedName, PlainWordName } from "../types.js" */

import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { say } from "../words.js";

/**
 * Buttons and a page number. `show(from)` is called for a page, `at(from, total)` sets the current one. With a single
 * page only the range is displayed.
 * @param {object} options
 * @param {number} options.size The number of items of a page.
 * @param {CountedName} options.of The name of the noun of the items.
 * @param {(from: number) => void} options.show
 */
export function pager({ size, of: noun, show }) {
  const of = counted(noun, size);
  let [from, total] = [0, 0];
  const range = h("span", { role: "status", class: "quiet" });
  /** @param {() => number} page */
  const to = (page) => () => show(Math.max(0, Math.min(page(), pages() - 1)) * size);
  const [here, pages] = [() => Math.floor(from / size), () => Math.max(1, Math.ceil(total / size))];
  /**
   * @param {string} sign
   * @param {PlainWordName} words
   * @param {() => number} page
   */
  const button = (sign, words, page) =>
    h("button", { type: "button", "aria-label": `${say(words)}: ${of}`, title: say(words), click: to(page) }, sign);
  const back = [button("«", "table.first", () => 0), button("‹", "table.previous", () => here() - 1)];
  const forward = [button("›", "table.next", () => here() + 1), button("»", "table.last", () => pages() - 1)];
  const number = h("input", { type: "number", min: "1", class: "page", "aria-label": `${say("table.page")}: ${of}` });
  number.addEventListener(
    "change",
    to(() => (Math.trunc(Number(number.value)) || 1) - 1),
  );
  const pageCount = h("span", { class: "quiet" });
  const navigation = h("span", { class: "row" }, back, number, pageCount, forward);
  const element = h("div", { class: "row pager" }, range, navigation);
  return { element, at };

  /**
   * @param {number} newFrom
   * @param {number} newTotal
   */
  function at(newFrom, newTotal) {
    [from, total] = [newFrom, newTotal];
    const last = Math.min(total, from + size);
    fill(
      range,
      total > 0 && // what is empty says so itself
        say("table.range", {
          of: counted(noun, total),
          from: count(from + 1),
          to: count(last),
          total: count(total),
        }),
    );
    navigation.hidden = pages() === 1;
    number.value = String(here() + 1);
    number.max = String(pages());
    fill(pageCount, `/ ${count(pages())}`);
    enable(back, here() > 0);
    enable(forward, here() < pages() - 1);
  }
}

/**
 * Buttons at their end keep the focus, so that the keyboard does not lose its place.
 * @param {HTMLButtonElement[]} buttons
 * @param {boolean} can
 */
const enable = (buttons, can) => buttons.forEach((button) => button.setAttribute("aria-disabled", String(!can)));
