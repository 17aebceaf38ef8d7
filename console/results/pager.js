// Goes through what is shown a page at a time.

import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { say } from "../words.js";

/**
 * Buttons and a page number; `show(from)` is called for a page. `at(from, total)` tells it where one is. It is not
 * seen while there is one page only, but what it says of it is.
 */
export function pager({ size, of, show }) {
  let [from, total] = [0, 0];
  const says = h("span", { role: "status", class: "quiet" });
  const to = (page) => () => show(Math.max(0, Math.min(page(), pages() - 1)) * size);
  const [here, pages] = [() => Math.floor(from / size), () => Math.max(1, Math.ceil(total / size))];
  const button = (sign, words, page) =>
    h("button", { type: "button", "aria-label": `${say(words)}: ${of}`, title: say(words), click: to(page) }, sign);
  const back = [button("«", "table.first", () => 0), button("‹", "table.previous", () => here() - 1)];
  const on = [button("›", "table.next", () => here() + 1), button("»", "table.last", () => pages() - 1)];
  const number = h("input", { type: "number", min: "1", class: "page", "aria-label": `${say("table.page")}: ${of}` });
  number.addEventListener(
    "change",
    to(() => (Math.trunc(Number(number.value)) || 1) - 1),
  );
  const among = h("span", { class: "quiet" });
  const moving = h("span", { class: "row" }, back, number, among, on);
  const element = h("div", { class: "row pager" }, says, moving);
  return { element, at };

  function at(newFrom, newTotal) {
    [from, total] = [newFrom, newTotal];
    const last = Math.min(total, from + size);
    fill(
      says,
      say("table.range", { of, from: count(total === 0 ? 0 : from + 1), to: count(last), total: count(total) }),
    );
    moving.hidden = pages() === 1;
    number.value = here() + 1;
    number.max = pages();
    fill(among, `/ ${count(pages())}`);
    able(back, here() > 0);
    able(on, here() < pages() - 1);
  }
}

/** Buttons that keep the focus when they come to their end, so that the keyboard does not lose its place. */
const able = (buttons, can) => buttons.forEach((button) => button.setAttribute("aria-disabled", String(!can)));
