// @ts-check
// The actions on a webhook.

/** @import { Content, Webhook } from "../types.js" */

import { remove } from "../api.js";
import { h } from "../dom.js";
import { confirmation } from "../parts/confirmation.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { notifyNext } from "../parts/notices.js";
import { submit } from "../parts/submission.js";
import { go, href, reload } from "../router.js";
import { say } from "../words.js";
import { changeWebhook, webhookPath } from "./requests.js";
import { rotationDialog } from "./rotation_dialog.js";

/**
 * Buttons for a webhook in its present status. `test` sends a test.
 * @param {Webhook} webhook
 * @param {() => Promise<void>} test
 * @param {AbortSignal} signal
 * @returns {Content}
 */
export function actionsOf({ id, status }, test, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const isEnabled = status === "enabled";
  const enable = async () => {
    await changeWebhook(id, { enabled: !isEnabled });
    notifyNext(() => say(isEnabled ? "webhook.was-disabled" : "webhook.was-enabled"));
    reload();
  };
  const removeIt = async () => {
    await remove(webhookPath(id));
    notifyNext(() => say("webhook.removed"));
    go(["webhooks"]);
  };
  const disabling = confirmation({
    words: say("webhook.disable"),
    question: say("webhook.disable.sure"),
    sure: say("webhook.disable.yes"),
    act: () => attempt(enable),
  });
  const removal = confirmation({
    words: say("webhook.remove"),
    question: say("webhook.remove.sure"),
    sure: say("webhook.remove.yes"),
    act: () => attempt(removeIt),
  });
  /**
   * @param {string} words
   * @param {() => Promise<void>} work
   * @param {string} [look]
   */
  const button = (words, work, look) => {
    /** @type {HTMLButtonElement} */
    const element = h(
      "button",
      { type: "button", class: look, click: () => attempt(() => submit(element, work)) },
      words,
    );
    return element;
  };
  return [
    h(
      "div",
      { class: "row", "data-needs": "scripts:write" },
      isEnabled ? button(say("webhook.test"), test, "primary") : button(say("webhook.enable"), enable, "primary"),
      h("a", { class: "button", href: href(["webhooks", id, "edit"]) }, say("webhook.edit")),
      h("button", { type: "button", click: () => rotationDialog(id, signal) }, say("webhook.rotate")),
      isEnabled && disabling.button,
      removal.button,
    ),
    disabling.place,
    removal.place,
    errorArea,
  ];
}
