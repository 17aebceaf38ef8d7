// @ts-check
// A button that shows and hides an explanation, which few readers need twice.

/** @import { Content } from "../types.js" */

import { fill, h, newId } from "../dom.js";

/**
 * The button and its explanation, hidden at first; `show` replaces the explanation.
 * @param {string} label
 */
export function explanation(label) {
  const text = h("p", { class: "quiet", id: newId("info"), hidden: true });
  const button = h("button", {
    type: "button",
    class: "info",
    "aria-label": label,
    "aria-expanded": "false",
    "aria-controls": text.id,
    title: label,
    click: () => open(text.hidden),
  });
  return { button, text, show: (/** @type {Content} */ content) => void fill(text, content), open };

  /** @param {boolean} isOpen */
  function open(isOpen) {
    text.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }
}
