// A dialog over the page.

import { h } from "../dom.js";
import { say } from "../words.js";

/** Show something in a dialog, which is gone when it is closed. */
export function showDialog(title, content) {
  const close = h("button", { type: "button", click: () => dialog.close() }, say("table.close"));
  const head = h("div", { class: "row" }, h("strong", {}, title), close);
  const dialog = h("dialog", { class: "value", "aria-label": title, close: () => dialog.remove() }, head, content);
  document.body.append(dialog);
  dialog.showModal();
}
