// @ts-check
// The deliveries of a webhook, newest first. Their rows follow their state; newer ones are offered, not inserted: a list must
// not move under its reader.

/** @import { Delivery, DeliveryStatus } from "../types.js" */

import { get } from "../api.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { chips } from "../parts/filter_controls.js";
import { pagedTable } from "../parts/paged_table.js";
import { latest } from "../results/latest.js";
import { place, remember } from "../router.js";
import { called, say } from "../words.js";
import { contentsOf, heads, SECONDARY } from "./delivery_cells.js";
import { refill } from "./refill.js";
import { deliveryPath, webhookPath } from "./requests.js";

/**
 * The states of a delivery.
 * @type {DeliveryStatus[]}
 */
export const DELIVERY_STATES = ["pending", "delivered", "exhausted"];

const MIN_READ = 50;
const MAX_READ = 200;
const MAX_SINGLE = 10;

/** @typedef {{ delivery: Delivery, cells: HTMLElement[] }} Row */

/**
 * An element with the deliveries; `look` reads them again and resolves to whether a row is pending, and `reload` shows those
 * that are there now.
 * @param {string} webhook
 * @param {AbortSignal} signal
 */
export function deliveriesOf(webhook, signal) {
  /** @type {Map<string, Row>} */
  let rows = new Map();
  let status = statusOfAddress();
  const [newer, list] = [h("p", { class: "row", role: "status" }), h("div")];
  const { errorArea, attempt } = withErrorDisplay();
  const options = [["", say("filter.any")], ...DELIVERY_STATES.map((one) => [one, called("delivering", one)])];
  const filter = chips(
    say("status"),
    options.map(([value, words]) => /** @type {const} */ ([value, words])),
    (chosen) => {
      remember({ status: chosen });
      status = chosen;
      filter.press(chosen);
      reload();
    },
  );
  const reload = latest(() => attempt(load));
  filter.press(status);
  reload();
  return { element: h("div", {}, filter.element, errorArea, newer, list), look, reload };

  async function load() {
    /** @type {Map<string, Row>} */
    const loaded = new Map();
    /** @param {Delivery} delivery */
    const row = (delivery) => {
      const cells = contentsOf(webhook, delivery).map((content, at) =>
        h("div", { class: SECONDARY.includes(at) && "secondary" }, content),
      );
      loaded.set(delivery.id, { delivery, cells });
      return cells;
    };
    const query = { status };
    const table = await pagedTable({
      pathAt: (cursor) => webhookPath(webhook, ["deliveries"], { ...query, cursor }),
      heads: heads(),
      cells: row,
      caption: say("deliveries"),
      empty: h("p", { role: "status" }, say(status ? "deliveries.no-match" : "deliveries.none")),
      signal,
    });
    rows = loaded;
    fill(newer);
    fill(list, table);
  }

  async function look() {
    const [shown, limit] = [rows, Math.min(MAX_READ, Math.max(MIN_READ, rows.size))];
    /** @type {{ items: Delivery[] }} */
    const { items } = await get(webhookPath(webhook, ["deliveries"], { status, limit }), { signal });
    const found = new Set(items.map(({ id }) => id));
    const missing = [...shown.values()].filter(({ delivery }) => isPending(delivery) && !found.has(delivery.id));
    const single = await Promise.all(missing.slice(0, MAX_SINGLE).map(({ delivery }) => read(delivery.id)));
    if (shown !== rows) return true; // another list is shown by now
    for (const delivery of [...items, ...single]) update(delivery);
    offer(
      items.findIndex(({ id }) => rows.has(id)),
      items.length,
    );
    return [...rows.values()].some(({ delivery }) => isPending(delivery));
  }

  /**
   * @param {string} id
   * @returns {Promise<Delivery>}
   */
  function read(id) {
    return get(deliveryPath(webhook, id), { signal });
  }

  /** @param {Delivery} delivery */
  function update(delivery) {
    const row = rows.get(delivery.id);
    if (!row) return;
    row.delivery = delivery;
    contentsOf(webhook, delivery).forEach((content, at) => refill(row.cells[at], content));
  }

  /**
   * Offer deliveries that are newer than those of the list.
   * @param {number} firstKnown The place of the first one of the list, among those that there are now; -1 for none.
   * @param {number} number
   */
  function offer(firstKnown, number) {
    const many = firstKnown < 0 ? number : firstKnown;
    const words = `${counted("deliveries.newer", many)} · ${say("executions.newer.show")}`;
    refill(newer, many > 0 && h("button", { type: "button" }, words));
    const button = newer.querySelector("button");
    if (button) button.onclick = reload;
  }
}

/** @param {Delivery} delivery */
const isPending = ({ status }) => status === "pending";

function statusOfAddress() {
  const { status = "" } = place(location.hash).query;
  return DELIVERY_STATES.some((one) => one === status) ? status : "";
}
