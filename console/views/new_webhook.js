// @ts-check
// A form that creates a webhook.

/** @import { View, ViewContext } from "../types.js" */

import { h } from "../dom.js";
import { notifyNext } from "../parts/notices.js";
import { scriptNames } from "../parts/script_names.js";
import { go, href } from "../router.js";
import { createWebhook } from "../webhooks/requests.js";
import { showSecretOnce } from "../webhooks/secret.js";
import { webhookForm } from "../webhooks/webhook_form.js";
import { say } from "../words.js";

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ query, signal }) {
  const { script } = query;
  const { element, notice } = webhookForm({
    key: `webhook/${script ?? ""}`,
    names: await scriptNames(signal),
    initial: { url: "", events: [], scripts: script ? [script] : null, description: "" },
    save: async (wanted) => {
      const created = await createWebhook(wanted);
      showSecretOnce(created);
      notifyNext(() => say("webhook.created"));
      return created.id;
    },
    saved: (id) => go(["webhooks", id]),
    words: say("webhook.create"),
    back: href(["webhooks"], { script }),
    signal,
  });
  return { title: say("webhook.new"), body: [h("p", { class: "quiet" }, say("webhook.new.about")), element], notice };
}
