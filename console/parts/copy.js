// @ts-check
// Texts with a button that copies them: commands for a terminal, and ids.

import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { say } from "../words.js";

/**
 * A text to copy as it is.
 * @param {string} text
 */
export function copyableText(text) {
  const shown = h("pre", { tabindex: "0" }, text);
  const { copy, status } = copying(text, () => shown);
  return h(
    "div",
    { class: "copyable" },
    shown,
    h("div", { class: "row" }, h("button", { type: "button", click: copy }, say("copy")), status),
  );
}

/**
 * A short id with a button that copies the whole of it.
 * @param {string} id
 */
export function copyableId(id) {
  const text = h("code", { title: id }, shortId(id));
  const { copy, status } = copying(id, () => fill(text, id));
  const button = h("button", { type: "button", class: "small", title: id, click: copy }, say("id.copy"));
  return h("span", { class: "row id quiet" }, text, button, status);
}

/**
 * A button that copies a text. Where the clipboard is out of reach, it shows the text for the reader to copy.
 * @param {string} words
 * @param {string} text
 */
export function copyButton(words, text) {
  const shown = h("pre", { tabindex: "0", hidden: true }, text);
  const { copy, status } = copying(text, () => {
    shown.hidden = false;
    return shown;
  });
  return [h("div", { class: "row" }, h("button", { type: "button", click: copy }, words), status), shown];
}

/**
 * A function that copies a text, and an element that reports it. Where the clipboard is out of reach, the element that
 * `whole` returns, which shows the whole text, is selected for the reader to copy.
 * @param {string} text
 * @param {() => HTMLElement} whole
 */
function copying(text, whole) {
  const status = h("span", { class: "quiet", role: "status" });
  const copy = async () => {
    const isCopied = await copied(text);
    fill(status, say(isCopied ? "copy.done" : "copy.selected"));
    if (!isCopied) getSelection()?.selectAllChildren(whole());
  };
  return { copy, status };
}

/**
 * Copy a text. Browsers give the clipboard only to pages at HTTPS or on the same machine, and only if it is allowed.
 * @param {string} text
 */
async function copied(text) {
  if (!navigator.clipboard) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
