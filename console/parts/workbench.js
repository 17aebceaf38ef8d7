// @ts-check
// A source's form and the panel that tries the source, side by side.

import { h } from "../dom.js";

/**
 * Ctrl+Enter tries the source, wherever the focus is in them.
 * @param {HTMLElement} form
 * @param {{ element: HTMLElement, run: () => void }} trial
 */
export function workbench(form, { element: panel, run }) {
  const element = h("div", { class: "workbench" }, form, panel);
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) run();
  };
  // In the capture phase, before the editor inserts a line.
  element.addEventListener("keydown", keydown, { capture: true });
  return element;
}
