// @ts-check
// The description of a script, which is edited in its place.

/** @import { Script } from "../types.js" */

import { pathOf, send } from "../api.js";
import { fill, h, newId } from "../dom.js";
import { say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";
import { submit as submitWith } from "./submission.js";

const MAX_DESCRIPTION = 2000;

/**
 * The description with a button that replaces it with a form.
 * @param {Script} script
 */
export function descriptionOf({ name, description }) {
  const element = h("div", { class: "description" });
  const status = h("div", { role: "status" });
  const { errorArea, attempt } = withErrorDisplay();
  let saved = description;
  /** Show the text, and its button, which gets the focus that the form had. */
  const show = (hadFocus = true) => {
    const label = say(saved ? "description.edit" : "description.add");
    const button = h("button", { type: "button", class: "small", "data-needs": "scripts:write", click: edit }, label);
    fill(element, saved && h("p", {}, h("bdi", { class: "text" }, saved)), button);
    if (hadFocus) button.focus();
  };
  const edit = () => {
    fill(status);
    const id = newId("description");
    const input = h("textarea", { id, maxlength: MAX_DESCRIPTION });
    input.value = saved;
    const save = async () => {
      /** @type {Script} */
      const script = await send("PATCH", pathOf(["scripts", name]), { description: input.value });
      saved = script.description;
      show();
      fill(status, h("p", { class: "note" }, say("description.saved")));
    };
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      attempt(() => submitWith(button, save));
    };
    const button = h("button", { class: "primary" }, say("description.save"));
    const cancel = h("button", { type: "button", click: () => attempt(async () => show()) }, say("description.cancel"));
    const label = h("label", { for: id }, say("script.description"));
    fill(element, h("form", { submit }, label, input, h("div", { class: "row" }, button, cancel)));
    input.focus();
  };
  show(false);
  return [element, status, errorArea];
}
