// @ts-check
// The status of a webhook, the health of its receiver, and the status of a delivery.

/** @import { Content, Delivery, Webhook } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { relativeTime } from "../parts/time.js";
import { called, say } from "../words.js";

/** @param {Pick<Webhook, "status" | "health">} webhook */
export function webhookBadge({ status, health }) {
  const look = status === "disabled" ? "cancelled" : health.failures > 0 ? "failed" : "succeeded";
  return h("span", { class: `badge ${look}` }, called("subscription", status));
}

/**
 * The health of the receiver in words: why nothing is sent, or how long it has failed.
 * @param {Pick<Webhook, "disabled" | "health">} webhook
 * @returns {Content}
 */
export function healthOf({ disabled, health: { failures, failing_since: since, rests_until: rests } }) {
  if (disabled) return [called("disabling", disabled.reason), " · ", relativeTime(disabled.at)];
  if (failures === 0 || !since) return h("span", { class: "quiet" }, say("webhook.healthy"));
  return [
    h("div", { class: "bad" }, counted("webhook.failures", failures)),
    h("div", {}, say("webhook.failing-since"), " ", relativeTime(since)),
    rests && isAhead(rests) && h("div", {}, say("webhook.rests-until"), " ", relativeTime(rests)),
  ];
}

/** @param {string} at */
export const isAhead = (at) => Date.parse(at) > Date.now();

const LOOKS = { pending: "pending", delivered: "succeeded", exhausted: "failed" };

/** @param {Pick<Delivery, "status">} delivery */
export const deliveryBadge = ({ status }) =>
  h("span", { class: `badge ${LOOKS[status]}` }, called("delivering", status));

/**
 * The time of the next attempt of a delivery, or nothing if there is none.
 * @param {Pick<Delivery, "due_at">} delivery
 * @returns {Content}
 */
export function nextAttempt({ due_at: due }) {
  if (!due) return null;
  return isAhead(due) ? relativeTime(due) : say("delivery.due");
}

/**
 * The outcome of the last attempt in some words: the status of the response, or the fault.
 * @param {Pick<Delivery, "last">} delivery
 * @returns {Content}
 */
export function outcomeOf({ last }) {
  if (!last) return null;
  if (last.fault) return h("span", { class: "bad" }, called("sending", last.fault));
  const isAccepted = last.status !== null && last.status >= 200 && last.status < 300;
  return h("span", { class: isAccepted ? "good" : "bad" }, last.status);
}
