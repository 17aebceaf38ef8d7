// @ts-check
// A button that asks for a script, and leads to the form of its job over an object or a folder.

import { fill, h } from "../dom.js";
import { choice } from "../parts/field.js";
import { go } from "../router.js";
import { say } from "../words.js";

/**
 * The button, and the place of its question; nothing without a script.
 * @param {string} url The input.
 * @param {string[]} scripts
 * @param {string} words
 */
export function runMenu(url, scripts, words) {
  const label = `${words.replace("…", "")}: ${url}`;
  const place = h("div");
  if (scripts.length === 0) return { button: null, place };
  const ask = () => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) {
      fill(place);
      return;
    }
    const script = choice(
      say("script.name"),
      scripts.map((name) => [name, name]),
    );
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      go(["scripts", script.input.value, "job"], { input: url });
    };
    fill(place, h("form", { class: "row fields", submit }, script.element, h("button", {}, say("store.run.go"))));
    script.input.focus();
  };
  const button = h(
    "button",
    {
      type: "button",
      class: "small",
      "data-needs": "executions:write",
      "aria-label": label,
      "aria-expanded": "false",
      click: ask,
    },
    words,
  );
  return { button, place };
}
