// @ts-check
// The dialog that creates an API key, and then shows its text once.

/** @import { CreatedApiKey } from "../types.js" */

import { pathOf, send } from "../api.js";
import { caller } from "../caller.js";
import { fill, h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { field } from "../parts/field.js";
import { submit as submitWith } from "../parts/submission.js";
import { say } from "../words.js";
import { createdKey } from "./created.js";
import { expiryField } from "./expiry_field.js";
import { grantFields } from "./grant_fields.js";

const MAX_NAME = 100;

/**
 * Show the dialog. It stays open while it shows a key, until the reader says that the key is stored.
 * @param {AbortSignal} signal
 */
export async function createDialog(signal) {
  const creator = await caller();
  const { errorArea, attempt } = withErrorDisplay();
  const content = h("div");
  let isShown = false;
  /** @type {HTMLDialogElement} */
  const dialog = h(
    "dialog",
    {
      "aria-label": say("keys.new"),
      cancel: (event) => isShown && event.preventDefault(),
      close: () => dialog.remove(),
    },
    h("p", {}, h("strong", {}, say("keys.new"))),
    content,
  );
  const name = field(say("keys.name"), {
    required: true,
    maxlength: MAX_NAME,
    autocomplete: "off",
    spellcheck: "false",
  });
  const [grant, expiry] = [grantFields(creator), expiryField()];
  const create = async () => {
    const wanted = {
      name: name.input.value.trim(),
      scopes: grant.scopes(),
      expires_in_days: expiry.days(),
    };
    /** @type {CreatedApiKey} */
    const created = await send("POST", pathOf(["keys"]), wanted, { signal });
    isShown = true;
    fill(
      content,
      createdKey(created, () => dialog.close()),
    );
    content.querySelector("strong")?.focus(); // the form is gone
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(() => submitWith(button, create));
  };
  const button = h("button", { class: "primary" }, say("keys.create"));
  const form = h(
    "form",
    { submit },
    creator?.anonymous && h("p", { class: "note" }, say("keys.first")),
    name.element,
    grant.element,
    expiry.element,
    errorArea,
    h("div", { class: "row" }, button, h("button", { type: "button", click: () => dialog.close() }, say("key.cancel"))),
  );
  fill(content, form);
  document.body.append(dialog);
  signal.addEventListener("abort", () => dialog.close(), { once: true });
  dialog.showModal();
  name.input.focus();
}
