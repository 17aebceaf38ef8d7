// @ts-check
// The signing secret of a webhook, shown once: after its creation and after a rotation. It is in the memory of the page
// alone, until its view is left; no storage and no address ever has it.

/** @import { Content, WebhookWithSecret } from "../types.js" */

import { apiKey } from "../api_key.js";
import { h } from "../dom.js";
import { timestamp } from "../formats.js";
import { copyableText } from "../parts/copy.js";
import { place } from "../router.js";
import { say } from "../words.js";
import { verification } from "./verification.js";

/** @typedef {{ id: string, secret: string, until: string | null, key: string | null }} ShownSecret */

/** @type {ShownSecret | null} */
let held = null;

/**
 * Keep a new secret for the page of its webhook.
 * @param {WebhookWithSecret} webhook
 */
export function showSecretOnce({ id, secret, former_secret_until: until }) {
  held = { id, secret, until, key: apiKey() };
}

/**
 * The secret of a webhook, if it is new and the reader is still the one who got it. It is forgotten when the page is left;
 * the same page in another language shows it again.
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Content}
 */
export function secretOf(id, signal) {
  if (held?.key !== apiKey()) forget();
  if (held?.id !== id) return null;
  signal.addEventListener("abort", () => isOnPageOf(id) || forget(), { once: true });
  return panel(held);
}

function forget() {
  held = null;
}

/** @param {string} id */
function isOnPageOf(id) {
  const [section, webhook, ...below] = place(location.hash).parts;
  return section === "webhooks" && webhook === id && below.length === 0;
}

/** @param {ShownSecret} shown */
function panel({ secret, until }) {
  const done = () => {
    forget();
    element.remove();
    document.querySelector("h1")?.focus(); // the button is gone
  };
  const element = h(
    "section",
    { class: "note secret", "aria-label": say("webhook.secret") },
    h("h2", {}, say("webhook.secret")),
    h("p", {}, h("strong", {}, say("webhook.secret.once"))),
    copyableText(secret),
    until && h("p", {}, say("webhook.secret.former", { at: timestamp(until) })),
    verification(true),
    h("div", { class: "row" }, h("button", { type: "button", click: done }, say("webhook.secret.done"))),
  );
  return element;
}
