// @ts-check
// The dialog that revokes an API key.

/** @import { ApiKey } from "../types.js" */

import { pathOf, remove } from "../api.js";
import { h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { notifyNext } from "../parts/notices.js";
import { submit as submitWith } from "../parts/submission.js";
import { showDialog } from "../results/dialog.js";
import { reload } from "../router.js";
import { say } from "../words.js";

/**
 * @param {ApiKey} key
 * @param {boolean} isOwn Tells whether this tab is signed in with it.
 * @param {AbortSignal} signal
 */
export function revocationDialog({ id, name }, isOwn, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const revoke = async () => {
    await remove(pathOf(["keys", id]));
    notifyNext(() => say("keys.was-revoked", { name }));
    dialog.close();
    reload();
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(() => submitWith(button, revoke));
  };
  const button = h("button", { class: "danger" }, say("keys.revoke.yes"));
  const cancel = h("button", { type: "button", click: () => dialog.close() }, say("key.cancel"));
  const form = h(
    "form",
    { submit },
    h("p", {}, say(isOwn ? "keys.sure-own" : "keys.sure", { name })),
    errorArea,
    h("div", { class: "row" }, button, cancel),
  );
  const dialog = showDialog(say("keys.revoke-named", { name }), form, signal);
  cancel.focus();
}
