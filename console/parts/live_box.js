// @ts-check
// The choice to try a source while it is written.

import { h, newId } from "../dom.js";
import { say } from "../words.js";

/** The last choice of the reader, for the panels of this tab. */
let isLiveChosen = false;

/** @param {() => unknown} changed */
export function liveBox(changed) {
  const id = newId("live");
  const change = () => {
    isLiveChosen = input.checked;
    changed();
  };
  /** @type {HTMLInputElement} */
  const input = h("input", { id, type: "checkbox", checked: isLiveChosen, change });
  const turnOff = () => {
    isLiveChosen = input.checked = false;
  };
  return { input, turnOff, element: h("span", { class: "row" }, input, h("label", { for: id }, say("try.live"))) };
}
