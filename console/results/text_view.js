// @ts-check
// A long text, part by part.

/** @import { Location, SendQuery } from "../types.js" */

import { fill, h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { pager } from "./pager.js";
import { visible } from "./visible.js";

const CHARACTERS = 20_000;

/**
 * The text at a location in a result.
 * @param {{ query: SendQuery, result: string, at: Location }} options
 */
export function textView({ query, result, at }) {
  const { errorArea, attempt } = withErrorDisplay();
  const shown = h("pre", { tabindex: "0" });
  const pages = pager({ size: CHARACTERS, of: "table.characters", show });
  show(0);
  return h("div", {}, errorArea, pages.element, shown);

  /** @param {number} from */
  function show(from) {
    attempt(async () => {
      const { text, total } = await query("text", { result, at, from, count: CHARACTERS });
      fill(shown, visible(text));
      pages.at(from, total);
    });
  }
}
