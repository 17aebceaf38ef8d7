// @ts-check
// A form for the API key of this tab.

import { apiKey, setApiKey } from "../api_key.js";
import { h, newId } from "../dom.js";
import { say } from "../words.js";

/**
 * A form; `done` is called after a key was stored or removed.
 * @param {() => unknown} done
 */
export function keyForm(done) {
  const id = newId("key");
  const input = h("input", { id, type: "password", autocomplete: "off", spellcheck: "false", placeholder: "bateia_…" });
  /** @param {string} text */
  const store = (text) => {
    setApiKey(text);
    done();
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    store(input.value.trim());
  };
  return h(
    "form",
    { class: "row", submit },
    h("label", { for: id }, say("key.label")),
    input,
    h("button", { class: "primary" }, say("key.use")),
    apiKey() && h("button", { type: "button", click: () => store("") }, say("key.forget")),
    h("p", { class: "quiet" }, say("key.kept")),
  );
}
