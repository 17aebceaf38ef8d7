// @ts-check
// The form of a new webhook, and of a change of one.

/** @import { WebhookFields } from "./form.js" */

import { h } from "../dom.js";
import { keepDraft } from "../parts/draft.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { submit as submitWith } from "../parts/submission.js";
import { say } from "../words.js";
import { webhookFields } from "./form.js";

/**
 * The form, and the notice of its draft. `save` sends the values and resolves to the id of the webhook, with which `saved` is
 * called if the form is still on the page.
 * @param {object} options
 * @param {string} options.key The key of the draft.
 * @param {string[]} options.names The names of scripts to suggest.
 * @param {WebhookFields} options.initial
 * @param {(wanted: WebhookFields) => Promise<string>} options.save
 * @param {(id: string) => void} options.saved
 * @param {string} options.words The words of the button.
 * @param {string} options.back The address that leaves the form.
 * @param {AbortSignal} options.signal
 */
export function webhookForm({ key, names, initial, save, saved, words, back, signal }) {
  const { errorArea, attempt, display, displayed } = withErrorDisplay();
  const fields = webhookFields(names, () => draft.changed());
  fields.fillIn(initial);
  const { read, write } = fields;
  const draft = keepDraft({ key, read, write, error: displayed, signal });
  const button = h("button", { class: "primary", "data-needs": "scripts:write" }, words);
  const send = async () => {
    const sent = read();
    try {
      const id = await save(fields.values());
      draft.settle(sent);
      if (!signal.aborted) saved(id);
    } catch (error) {
      if (!fields.refuse(error)) throw error;
    }
  };
  const run = () => submitWith(button, send);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    if (fields.isComplete()) attempt(run);
  };
  if (draft.error) display(draft.error, run);
  const element = h(
    "form",
    { class: "webhook", submit, input: draft.changed, change: draft.changed },
    fields.element,
    errorArea,
    h("div", { class: "row" }, button, h("a", { href: back }, say("content.keep"))),
  );
  return { element, notice: draft.notice };
}
