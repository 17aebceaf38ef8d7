// @ts-check
// Commands for a terminal, with a button that copies them.

import { fill, h } from "../dom.js";
import { say } from "../words.js";

/**
 * A text to copy as it is.
 * @param {string} text
 */
export function copyable(text) {
  const shown = h("pre", { tabindex: "0" }, text);
  const status = h("span", { class: "quiet", role: "status" });
  const copy = async () => fill(status, (await copied(text, shown)) ? say("copy.done") : say("copy.selected"));
  return h(
    "div",
    { class: "copyable" },
    shown,
    h("div", { class: "row" }, h("button", { type: "button", click: copy }, say("copy")), status),
  );
}

/**
 * Copy a text. Where the page may not, because it was not loaded over HTTPS, select it for the reader to copy.
 * @param {string} text
 * @param {HTMLElement} shown
 */
async function copied(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
