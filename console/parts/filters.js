// The filters of a list. They stand in the address, so that a filtered list can be kept and passed on.

import { h } from "../dom.js";
import { go, href } from "../router.js";
import { say } from "../words.js";

/** A form of fields by the names that the API gives them; what is chosen leads to the list at `parts`. */
export function filters(parts, fields, read = (_, value) => value) {
  const submit = (event) => {
    event.preventDefault();
    go(
      parts,
      Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, read(name, one.input.value.trim())])),
    );
  };
  return h(
    "form",
    { submit, "aria-label": say("filter") },
    h(
      "div",
      { class: "grid" },
      Object.values(fields).map((one) => one.element),
    ),
    h(
      "div",
      { class: "row" },
      h("button", {}, say("filter")),
      h("a", { class: "button", href: href(parts) }, say("filter.none")),
    ),
  );
}
