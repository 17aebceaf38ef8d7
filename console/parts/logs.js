// What a script printed. All of it can be long, so it is shown some lines at a time.

import { fill, h } from "../dom.js";
import { say } from "../words.js";

const SOME = 200;

/** The lines, each with its level; `truncated` says that more was printed than is kept. */
export function logs(lines, truncated) {
  if (lines.length === 0) return h("p", { class: "quiet" }, say("logs.none"));
  const list = h("ol", { class: "logs" });
  const after = h("p", { class: "row" });
  const show = () => {
    const begun = list.children.length;
    list.append(...lines.slice(begun, begun + SOME).map(line));
    const left = lines.length - list.children.length;
    fill(after, left > 0 && h("button", { type: "button", click: show }, say("logs.more", { n: left })));
  };
  show();
  return [list, after, truncated && h("p", { class: "note" }, say("logs.truncated"))];
}

const line = ({ level, message }) =>
  h("li", { class: level }, h("span", { class: "quiet" }, level), h("span", {}, message));
