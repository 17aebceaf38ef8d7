// A long text, part by part.

import { h } from "../dom.js";
import { attempts } from "../parts/attempt.js";
import { say } from "../words.js";
import { pager } from "./pager.js";
import { visible } from "./visible.js";

const CHARACTERS = 20_000;

/** The text at a place in a result. */
export function textView({ ask, result, at }) {
  const { place, attempt } = attempts();
  const shown = h("pre", { tabindex: "0" });
  const pages = pager({ size: CHARACTERS, of: say("table.characters"), show });
  show(0);
  return h("div", {}, place, pages.element, shown);

  function show(from) {
    attempt(async () => {
      const { text, total } = await ask("text", { result, at, from, count: CHARACTERS });
      shown.replaceChildren(visible(text));
      pages.at(from, total);
    });
  }
}
