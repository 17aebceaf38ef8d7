// @ts-check
// A drop target for a file, with a field to choose one.

/** @import { Content } from "../types.js" */

import { h, newId } from "../dom.js";

/**
 * An area around `content` on which a file can be dropped, with a file field. `take` gets the file; `accept` is what the
 * field offers first.
 * @param {{ label: string, accept: string, take: (file: File) => unknown }} options
 * @param {...Content} content
 */
export function drop({ label, accept, take }, ...content) {
  const id = newId("file");
  /** @param {FileList | null | undefined} files */
  const takeFirst = (files) => {
    const file = files?.[0];
    if (file) take(file);
  };
  /** @type {HTMLInputElement} */
  const input = h("input", { id, type: "file", accept, change: () => takeFirst(input.files) });
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
  const field = h("div", { class: "row" }, h("label", { for: id }, label), input);
  /** @type {HTMLDivElement} */
  const area = h("div", { class: "drop", dragover: over, dragleave: leave }, content, field);
  // In the capture phase, before the editor inserts the file's text itself.
  area.addEventListener("drop", dropped, { capture: true });
  return area;
}
