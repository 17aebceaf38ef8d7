// @ts-check
// A value as JSON, some lines at a time.

/** @import { Line, Location, Path, SendQuery } from "../types.js" */

import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { say } from "../words.js";
import { showDialog } from "./dialog.js";
import { pager } from "./pager.js";
import { textView } from "./text_view.js";
import { visible } from "./visible.js";

const LINES = 200;
const MAX_INDENT = 40;

/**
 * The JSON at a location in a result.
 * @param {{ query: SendQuery, result: string, at: Location }} options
 */
export function jsonView({ query, result, at }) {
  const { errorArea, attempt } = withErrorDisplay();
  const shown = h("pre", { class: "json", tabindex: "0" });
  const pages = pager({ size: LINES, of: "result.lines", show });
  show(0);
  return h("div", {}, errorArea, pages.element, shown);

  /** @param {number} from */
  function show(from) {
    attempt(async () => {
      const { lines, total } = await query("lines", { result, at, from, count: LINES });
      fill(
        shown,
        lines.map((line, i) => lineElement(line, from + i, open)),
      );
      pages.at(from, total);
    });
  }

  /** @param {Path} path */
  function open(path) {
    const inside = { ...at, path: [...(at.path ?? []), ...path] };
    showDialog(say("table.whole"), textView({ query, result, at: inside }));
  }
}

/**
 * @param {Line} line
 * @param {number} number
 * @param {(path: Path) => void} open
 */
function lineElement({ depth, text, path, end = "" }, number, open) {
  const more = path && h("button", { type: "button", class: "opening", click: () => open(path) }, say("table.rest"));
  const indent = "  ".repeat(Math.min(depth, MAX_INDENT));
  return h(
    "span",
    { class: "line" },
    h("span", { class: "at", "aria-hidden": "true" }, count(number + 1)),
    indent,
    visible(text),
    more && ["… ", more, end],
  );
}
