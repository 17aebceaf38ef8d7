// @ts-check
// The columns of a table of deliveries.

/** @import { Content, Delivery } from "../types.js" */

import { h } from "../dom.js";
import { count, duration } from "../formats.js";
import { amount, secondary } from "../parts/paged_table.js";
import { relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { called, say } from "../words.js";
import { subjectOf } from "./events.js";
import { deliveryBadge, nextAttempt, outcomeOf } from "./status.js";

/** The places of the columns that are left out where the window is narrow. */
export const SECONDARY = [2, 4, 6];

/** The heads of the columns. */
export const heads = () => [
  say("audit.at"),
  say("delivery.event"),
  secondary(say("delivery.subject")),
  say("status"),
  secondary(amount(say("delivery.attempts"))),
  say("delivery.response"),
  secondary(amount(say("delivery.duration"))),
  say("delivery.next"),
];

/**
 * The contents of the cells of a delivery's row.
 * @param {string} webhook
 * @param {Delivery} delivery
 * @returns {Content[]}
 */
export const contentsOf = (webhook, delivery) => [
  h("a", { href: href(["webhooks", webhook, "deliveries", delivery.id]) }, relativeTime(delivery.created_at)),
  called("event", delivery.event),
  subjectOf(delivery.payload),
  deliveryBadge(delivery),
  amount(count(delivery.attempts)),
  outcomeOf(delivery),
  delivery.last && amount(duration(delivery.last.duration_ms)),
  nextAttempt(delivery),
];
