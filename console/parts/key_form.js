// @ts-check
// A form for the API key of this tab.

import { apiKey, setApiKey } from "../api_key.js";
import { h, newId } from "../dom.js";
import { reload } from "../router.js";
import { say } from "../words.js";
import { forgetDrafts } from "./draft.js";

/**
 * A form; `done` is called after a key was stored. Signing out also deletes all drafts and shows the page anew, because
 * another person may use the tab.
 * @param {() => unknown} done
 * @param {() => unknown} [leave] Closes the dialog of the form, if it has one.
 */
export function keyForm(done, leave) {
  const id = newId("key");
  const input = h("input", { id, type: "password", autocomplete: "off", spellcheck: "false", placeholder: "bateia_…" });
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    setApiKey(input.value.trim());
    done();
  };
  const signOut = () => {
    setApiKey("");
    forgetDrafts();
    leave?.();
    reload();
  };
  return h(
    "form",
    { class: "row", submit },
    h("label", { for: id }, say("key.label")),
    input,
    h("button", { class: "primary" }, say("key.use")),
    apiKey() && h("button", { type: "button", click: signOut }, say("key.forget")),
    leave && h("button", { type: "button", click: leave }, say("key.cancel")),
    h("p", { class: "quiet" }, say("key.kept")),
  );
}
