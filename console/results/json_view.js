// A value as JSON, some lines at a time.

import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { attempts } from "../parts/attempt.js";
import { say } from "../words.js";
import { showDialog } from "./dialog.js";
import { pager } from "./pager.js";
import { textView } from "./text_view.js";
import { visible } from "./visible.js";

const LINES = 200;
const DEEPEST_INDENT = 40;

/** The JSON of what is at a place in a result, or of all of it. */
export function jsonView({ ask, result, at }) {
  const { place, attempt } = attempts();
  const shown = h("pre", { class: "json", tabindex: "0" });
  const pages = pager({ size: LINES, of: say("result.lines"), show });
  show(0);
  return h("div", {}, place, pages.element, shown);

  function show(from) {
    attempt(async () => {
      const { lines, total } = await ask("lines", { result, at, from, count: LINES });
      fill(
        shown,
        lines.map((line, i) => lineElement(line, from + i, open)),
      );
      pages.at(from, total);
    });
  }

  function open(path) {
    const inside = { ...at, path: [...(at?.path ?? []), ...path] };
    showDialog(say("table.whole"), textView({ ask, result, at: inside }));
  }
}

function lineElement({ depth, text, path, end = "" }, number, open) {
  const more = path && h("button", { type: "button", class: "opening", click: () => open(path) }, say("table.rest"));
  const indent = "  ".repeat(Math.min(depth, DEEPEST_INDENT));
  return h(
    "span",
    { class: "line" },
    h("span", { class: "at", "aria-hidden": "true" }, count(number + 1)),
    indent,
    visible(text),
    more && ["… ", more, end],
  );
}
