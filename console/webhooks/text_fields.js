// @ts-check
// The fields for the URL and the description of a webhook. `refuse` shows a message of the API at each.

/** @import { Content } from "../types.js" */

import { fill, h, newId } from "../dom.js";
import { field, validationMessage } from "../parts/field.js";
import { say } from "../words.js";

const MAX_URL = 2_000;
const MAX_DESCRIPTION = 2_000;

/** The field for the URL of a receiver. */
export function urlField() {
  const about = h("p", { class: "quiet", id: newId("about") }, say("webhook.url.about"));
  const labelled = field(say("webhook.url"), {
    required: true,
    maxlength: MAX_URL,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "https://hooks.example.com/bateia",
    input: () => refuse(null),
  });
  const { id, show } = validationMessage(labelled, () => say("webhook.url.none"));
  labelled.input.setAttribute("aria-describedby", `${about.id} ${id}`);
  labelled.element.append(about);
  return { ...labelled, refuse, focus: () => labelled.input.focus() };

  /** @param {Content} content */
  function refuse(content) {
    show(content);
  }
}

/** The field for the description of a webhook. */
export function descriptionField() {
  const id = newId("description");
  const message = h("p", { class: "bad", role: "alert", id: newId("message") });
  const input = h("textarea", { id, maxlength: MAX_DESCRIPTION, "aria-describedby": message.id });
  const element = h(
    "div",
    { class: "field description" },
    h("label", { for: id }, say("script.description")),
    input,
    message,
  );
  /** @param {Content} content */
  const refuse = (content) => {
    input.ariaInvalid = String(Boolean(content));
    fill(message, content);
  };
  return { element, input, refuse, focus: () => input.focus() };
}
