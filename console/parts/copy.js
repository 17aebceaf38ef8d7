// @ts-check
// A short id with a button that copies the whole of it.

import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { say } from "../words.js";

/** @param {string} id */
export function copiableId(id) {
  const text = h("code", { title: id }, shortId(id));
  const said = h("span", { "aria-live": "polite" });
  const copy = async () => {
    if (await copied(id)) fill(said, say("id.copied"));
    else fill(text, id); // to be selected by hand
  };
  const button = h("button", { type: "button", class: "small", title: id, click: copy }, say("id.copy"));
  return h("span", { class: "row id quiet" }, text, button, said);
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
