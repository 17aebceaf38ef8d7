// @ts-check
// A deed that cannot be undone, done after a question.

import { fill, h } from "../dom.js";
import { say } from "../words.js";

/**
 * A button that asks before it acts, and the place of the question.
 * @param {{ words: string, question: string, sure: string, act: () => unknown, label?: string }} options
 */
export function confirmation({ words, question, sure, act, label }) {
  const place = h("div");
  const close = () => {
    fill(place);
    button.focus();
  };
  const answers = () => [
    h("button", { type: "button", class: "danger", click: act }, sure),
    h("button", { type: "button", click: close }, say("content.keep")),
  ];
  const ask = () => {
    fill(place, h("div", { class: "note" }, h("p", {}, question), h("div", { class: "row" }, answers())));
  };
  /** @type {HTMLButtonElement} */
  const button = h("button", { type: "button", "aria-label": label, click: ask }, words);
  return { button, place };
}
