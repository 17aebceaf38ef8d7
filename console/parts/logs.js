// @ts-check
// The log of a script. It can be long, so it is shown some lines at a time.

/** @import { Content, LogLine } from "../types.js" */

import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { say } from "../words.js";

export const PAGE_LINES = 200;

/**
 * The lines with their levels, `first` of them at first; `truncated` means that the log exceeded its size limit.
 * @param {LogLine[]} lines
 * @param {boolean} truncated
 * @param {number} [first]
 * @returns {Content}
 */
export function logs(lines, truncated, first = PAGE_LINES) {
  if (lines.length === 0) return h("p", { class: "quiet" }, say("logs.none"));
  const list = h("ol", { class: "logs" });
  const after = h("p", { class: "row" });
  const showMore = () => {
    const shown = list.children.length;
    list.append(...lines.slice(shown, shown + (shown ? PAGE_LINES : first)).map(lineElement));
    const left = lines.length - list.children.length;
    fill(after, left > 0 && h("button", { type: "button", click: showMore }, counted("logs.more", left)));
  };
  showMore();
  return [list, after, truncated && h("p", { class: "note" }, say("logs.truncated"))];
}

/**
 * A line with its level.
 * @param {LogLine} line
 */
export const lineElement = ({ level, message }) =>
  h("li", { class: level }, h("span", { class: "quiet" }, level), h("span", {}, message));
