// @ts-check
// A drop target for a file, with a button to choose one.

/** @import { Content } from "../types.js" */

import { h } from "../dom.js";
import { say } from "../words.js";

/**
 * An area around `content` on which a file can be dropped, and a button for a file field, which the browser would label in
 * its own language. `take` gets the file; `accept` is what the field offers first.
 * @param {{ label: string, accept: string, take: (file: File) => unknown }} options
 * @param {...Content} content
 */
export function drop({ label, accept, take }, ...content) {
  /** @param {FileList | null | undefined} files */
  const takeFirst = (files) => {
    const file = files?.[0];
    if (file) take(file);
  };
  /** @type {HTMLInputElement} */
  const input = h("input", { class: "visually-hidden", type: "file", accept, change: () => takeFirst(input.files) });
  /** @param {DragEvent} event */
  const over = (event) => {
    event.preventDefault();
    area.classList.add("over");
  };
  const leave = () => area.classList.remove("over");
  /** @param {DragEvent} event */
  const dropped = (event) => {
    event.preventDefault();
    leave();
    takeFirst(event.dataTransfer?.files);
  };
  const field = h(
    "div",
    { class: "row" },
    h("label", { class: "button file" }, label, input),
    h("span", { class: "quiet", "aria-hidden": "true" }, say("file.drop")),
  );
  /** @type {HTMLDivElement} */
  const area = h("div", { class: "drop", dragover: over, dragleave: leave }, content, field);
  // In the capture phase, before the editor inserts the file's text itself.
  area.addEventListener("drop", dropped, { capture: true });
  return area;
}
