// @ts-check
// The delivery of a test, followed until it ends.

/** @import { Delivery } from "../types.js" */

import { get } from "../api.js";
import { h } from "../dom.js";
import { duration } from "../formats.js";
import { href } from "../router.js";
import { called, say } from "../words.js";
import { refill } from "./refill.js";
import { deliveryPath } from "./requests.js";
import { deliveryBadge, nextAttempt } from "./status.js";

/**
 * An element about the last test; `look` reads its delivery again, and resolves to whether it is pending.
 * @param {string} webhook
 * @param {AbortSignal} signal
 */
export function testDelivery(webhook, signal) {
  /** @type {Delivery | null} */
  let shown = null;
  const [status, more] = [h("span", { role: "status" }), h("span", { class: "row" })];
  const element = h("div", { class: "note row", hidden: true }, status, more);
  /** @param {Delivery} delivery */
  const show = (delivery) => {
    shown = delivery;
    element.hidden = false;
    const next = nextAttempt(delivery);
    refill(status, [deliveryBadge(delivery), " ", outcomeText(delivery)]);
    refill(more, [
      delivery.last && next && h("span", { class: "quiet" }, say("delivery.next"), ": ", next),
      h("a", { href: href(["webhooks", webhook, "deliveries", delivery.id]) }, say("webhook.test.delivery")),
    ]);
  };
  const look = async () => {
    if (shown?.status !== "pending") return false;
    /** @type {Delivery} */
    const now = await get(deliveryPath(webhook, shown.id), { signal });
    if (now.id === shown.id) show(now);
    return now.status === "pending";
  };
  return { element, show, look };
}

/** @param {Delivery} delivery */
function outcomeText({ last }) {
  if (!last) return say("webhook.test.sent");
  const time = duration(last.duration_ms);
  return last.fault
    ? say("webhook.test.fault", { fault: called("sending", last.fault), time })
    : say("webhook.test.response", { status: String(last.status), time });
}
