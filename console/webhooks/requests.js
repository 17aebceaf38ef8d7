// @ts-check
// Paths of webhooks and their deliveries, and requests that change them.

/** @import { Delivery, NewWebhook, Query, Webhook, WebhookChanges, WebhookWithSecret } from "../types.js" */

import { call, pathOf, send } from "../api.js";

/**
 * The path of a webhook, or of what is below it.
 * @param {string} id
 * @param {string[]} [below]
 * @param {Query} [query]
 */
export const webhookPath = (id, below = [], query) => pathOf(["webhooks", id, ...below], query);

/**
 * The path of a delivery.
 * @param {string} webhook
 * @param {string} id
 */
export const deliveryPath = (webhook, id) => webhookPath(webhook, ["deliveries", id]);

/**
 * @param {NewWebhook} wanted
 * @returns {Promise<WebhookWithSecret>}
 */
export const createWebhook = (wanted) => send("POST", pathOf(["webhooks"]), wanted);

/**
 * @param {string} id
 * @param {Partial<WebhookChanges>} changes
 * @returns {Promise<Webhook>}
 */
export const changeWebhook = (id, changes) => send("PATCH", webhookPath(id), changes);

/**
 * Replace the signing secret. The former one is valid for the overlap.
 * @param {string} id
 * @param {number} overlapSeconds
 * @returns {Promise<WebhookWithSecret>}
 */
export const rotateSecret = (id, overlapSeconds) =>
  send("POST", webhookPath(id, ["rotate"]), { overlap_seconds: overlapSeconds });

/**
 * @param {string} id
 * @returns {Promise<Delivery>}
 */
export const sendTest = (id) => call("POST", webhookPath(id, ["test"]));

/**
 * @param {string} webhook
 * @param {string} id
 * @returns {Promise<Delivery>}
 */
export const redeliver = (webhook, id) => call("POST", webhookPath(webhook, ["deliveries", id, "redeliver"]));
