// @ts-check
// The code of a receiver that verifies messages.

import { h } from "../dom.js";
import { copyableText } from "../parts/copy.js";
import { say } from "../words.js";

const PYTHON = `import os

from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])


def verified(headers, body):
    """Return the message, or None unless it was signed with the secret, within the last five minutes."""
    try:
        return WEBHOOK.verify(body, dict(headers))
    except (WebhookVerificationError, ValueError):
        return None
`;

/**
 * A section with the code, which the reader opens.
 * @param {boolean} open
 */
export const verification = (open) =>
  h(
    "details",
    { class: "verification", open },
    h("summary", {}, say("webhook.verify")),
    h("p", { class: "quiet" }, say("webhook.verify.about"), " ", h("code", {}, "pip install standardwebhooks")),
    copyableText(PYTHON),
  );
