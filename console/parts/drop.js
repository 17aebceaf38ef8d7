// @ts-check
// The one control for a file, which is chosen or dropped.

/** @import { Content, ServiceLimits } from "../types.js" */

import { fill, h } from "../dom.js";
import { serviceLimits } from "../service_limits.js";
import { say } from "../words.js";

/**
 * An area around `content` on which a file can be dropped, and below it a file field, which the browser would label in its
 * own language. `take` gets the file; `accept` is what the field offers first, `formats` says what it takes.
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.accept
 * @param {(limits: ServiceLimits) => string} [options.formats]
 * @param {(file: File) => unknown} options.take
 * @param {...Content} content
 */
export function drop({ label, accept, formats, take }, ...content) {
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
  const about = h("span", { class: "quiet" });
  if (formats) serviceLimits().then((limits) => limits && fill(about, formats(limits)));
  const field = h(
    "label",
    { class: "file" },
    h("strong", {}, label),
    h("span", {}, ` ${say("file.drop")} `),
    about,
    input,
  );
  /** @type {HTMLDivElement} */
  const area = h("div", { class: "drop", dragover: over, dragleave: leave }, content, field);
  // In the capture phase, before the editor inserts the file's text itself.
  area.addEventListener("drop", dropped, { capture: true });
  return area;
}
