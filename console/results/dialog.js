// @ts-check
// A dialog over the page.

/** @import { Content } from "../types.js" */

import { h } from "../dom.js";
import { say } from "../words.js";

/**
 * Show content in a dialog, which is removed when it is closed, or when the signal of its view aborts.
 * @param {string} title
 * @param {Content} content
 * @param {AbortSignal} [signal]
 */
export function showDialog(title, content, signal) {
  const close = h("button", { type: "button", click: () => dialog.close() }, say("table.close"));
  const head = h("div", { class: "row" }, h("strong", {}, title), close);
  /** @type {HTMLDialogElement} */
  const dialog = h("dialog", { class: "value", "aria-label": title, close: () => dialog.remove() }, head, content);
  document.body.append(dialog);
  signal?.addEventListener("abort", () => dialog.close(), { once: true });
  dialog.showModal();
  return dialog;
}
