// @ts-check
// The fields of a promotion.

/** @import { Alias } from "../types.js" */

import { h, newId } from "../dom.js";
import { field, validationMessage } from "../parts/field.js";
import { say } from "../words.js";
import { LIVE } from "./default_version.js";

const PATTERN = "(?!latest$)[a-z][a-z0-9\\-]{0,62}";

/**
 * The move in words.
 * @param {string} alias
 * @param {number | undefined} from
 * @param {number} to
 */
export function moveText(alias, from, to) {
  if (!alias) return "";
  if (from === undefined) return say("alias.move.new", { alias, to });
  return from === to ? say("alias.move.same", { alias, to }) : say("alias.move", { alias, from, to });
}

/**
 * A field for the name of an alias, which suggests those that exist.
 * @param {string} value
 * @param {Alias[]} aliases
 */
export function aliasField(value, aliases) {
  const names = newId("aliases");
  const named = field(say("alias"), {
    value,
    required: true,
    pattern: PATTERN,
    list: names,
    autocomplete: "off",
    spellcheck: "false",
  });
  const all = new Set([LIVE, ...aliases.map(({ name }) => name)]);
  named.element.append(
    h(
      "datalist",
      { id: names },
      [...all].map((name) => h("option", { value: name })),
    ),
  );
  const { show } = validationMessage(named, () => say("alias.rule"));
  named.input.addEventListener("input", () => show(false));
  return named;
}

/**
 * The choice to promote in spite of the gate.
 * @param {() => void} change
 */
export function forceBox(change) {
  const id = newId("force");
  const input = h("input", { id, type: "checkbox", change });
  const element = h("div", { class: "row", hidden: true }, input, h("label", { for: id }, say("alias.force")));
  return { element, input };
}
