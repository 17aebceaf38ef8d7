// @ts-check
// A deed that cannot be undone, done after a question.

/** @import { Scope } from "../types.js" */

import { fill, h } from "../dom.js";
import { say } from "../words.js";

/**
 * A button that asks before it acts, the place of the question, and a function that ends the question. `keep` is the answer
 * that does nothing, in place of "Cancel". `needs` is the scope without which the button is hidden.
 * @param {object} options
 * @param {string} options.words
 * @param {string} options.question
 * @param {string} options.sure
 * @param {string} [options.keep]
 * @param {() => unknown} options.act
 * @param {string} [options.label]
 * @param {Scope} [options.needs]
 */
export function confirmation({ words, question, sure, keep = say("content.keep"), act, label, needs }) {
  const place = h("div");
  const close = () => {
    fill(place);
    button.focus();
  };
  const answers = () => [
    h("button", { type: "button", class: "danger", click: act }, sure),
    h("button", { type: "button", click: close }, keep),
  ];
  const ask = () => {
    fill(place, h("div", { class: "note" }, h("p", {}, question), h("div", { class: "row" }, answers())));
  };
  /** @type {HTMLButtonElement} */
  const button = h("button", { type: "button", "aria-label": label, "data-needs": needs, click: ask }, words);
  return { button, place, close };
}
