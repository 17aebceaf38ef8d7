// @ts-check
// The filters of a list. They are part of the address, so that a filtered list can be bookmarked and shared.

/** @import { Field } from "../types.js" */

import { h } from "../dom.js";
import { go, href } from "../router.js";
import { say } from "../words.js";

/**
 * A form of fields by their parameter names. Submitting it goes to the list at `parts`; `read(name, value)` converts
 * the value of a field.
 * @param {string[]} parts
 * @param {Record<string, Field<HTMLInputElement | HTMLSelectElement>>} fields
 * @param {(name: string, value: string) => string} read
 */
export function filters(parts, fields, read) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const entries = Object.entries(fields).map(([name, { input }]) => [name, read(name, input.value.trim())]);
    go(parts, Object.fromEntries(entries));
  };
  return h(
    "form",
    { submit, "aria-label": say("filter") },
    h(
      "div",
      { class: "grid" },
      Object.values(fields).map(({ element }) => element),
    ),
    h(
      "div",
      { class: "row" },
      h("button", {}, say("filter")),
      h("a", { class: "button", href: href(parts) }, say("filter.none")),
    ),
  );
}
