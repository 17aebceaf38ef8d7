// Asks for an API key, for this tab.

import { h, newId } from "../dom.js";
import { key, setKey } from "../key.js";
import { say } from "../words.js";

/** A form; `done` is called once the key is kept, or forgotten. */
export function keyForm(done) {
  const id = newId("key");
  const input = h("input", { id, type: "password", autocomplete: "off", spellcheck: "false", placeholder: "bateia_…" });
  const submit = (event) => {
    event.preventDefault();
    setKey(input.value.trim());
    done();
  };
  return h(
    "form",
    { class: "row", submit },
    h("label", { for: id }, say("key.label")),
    input,
    h("button", { class: "primary" }, say("key.use")),
    key() && h("button", { type: "button", click: () => (setKey(""), done()) }, say("key.forget")),
    h("p", { class: "quiet" }, say("key.kept")),
  );
}
