// @ts-check
// A form that changes a webhook.

/** @import { View, ViewContext, Webhook } from "../types.js" */

import { get } from "../api.js";
import { h } from "../dom.js";
import { notifyNext } from "../parts/notices.js";
import { scriptNames } from "../parts/script_names.js";
import { go, href } from "../router.js";
import { changesOf, fieldsOf } from "../webhooks/form.js";
import { hostOf } from "../webhooks/names.js";
import { changeWebhook, webhookPath } from "../webhooks/requests.js";
import { webhookForm } from "../webhooks/webhook_form.js";
import { say } from "../words.js";

/**
 * @param {ViewContext<"webhook">} context
 * @returns {Promise<View>}
 */
export async function view({ webhook: id, signal }) {
  /** @type {[Webhook, string[]]} */
  const [webhook, names] = await Promise.all([get(webhookPath(id), { signal }), scriptNames(signal)]);
  const initial = fieldsOf(webhook);
  const { element, notice } = webhookForm({
    key: `webhook/${id}`,
    names,
    initial,
    save: async (wanted) => {
      const changes = changesOf(initial, wanted);
      if (Object.keys(changes).length > 0) await changeWebhook(id, changes);
      notifyNext(() => say("webhook.changed"));
      return id;
    },
    saved: () => go(["webhooks", id]),
    words: say("source.host"),
    back: href(["webhooks", id]),
    signal,
  });
  const title = say("webhook.edit.title", { host: hostOf(webhook.url) });
  return { title, body: [h("p", { class: "quiet" }, say("webhook.edit.about")), element], notice };
}
