// @ts-check
// The filters of a list. They are part of the address, so that Back, reload, bookmarks and links keep them. They apply as
// soon as they change, and the form stays when one is refused.

/** @import { Change, FilterControl } from "./filter_controls.js" */
/** @import { Address, Filters } from "./list_query.js" */

import { fill, h, newId } from "../dom.js";
import { href } from "../router.js";
import { isUtc, setUtc } from "../time_zone.js";
import { say } from "../words.js";
import { activeCount } from "./list_query.js";
import { periodFilter } from "./period_filter.js";
import { showTimes } from "./time.js";

/**
 * A form of filters. `apply(address)` is called with the changed address, which is already that of the page.
 * @param {object} options
 * @param {string[]} options.parts The address of the list.
 * @param {Filters} options.filters
 * @param {Address} options.address
 * @param {(change: Change) => FilterControl[]} options.controls
 * @param {(address: Address) => void} options.apply
 */
export function filterForm({ parts, filters, address, controls, apply }) {
  let current = address;
  /** @type {Change} */
  const change = (changed) => {
    current = { ...current, ...changed };
    history.pushState(null, "", href(parts, current));
    show();
    apply(current);
  };
  const fields = [...controls(change), ...(filters.from !== undefined ? [periodFilter(filters, change)] : [])];
  const clear = () => {
    change(Object.fromEntries(Object.keys(current).map((name) => [name, undefined])));
    /** @type {HTMLElement | null} */
    const first = body.querySelector("button, input, select");
    (first?.checkVisibility() ? first : toggle).focus(); // the button that had the focus is gone
  };
  const clearButton = h("button", { type: "button", click: clear }, say("filter.none"));
  const zone = h("button", { type: "button", class: "chip zone-chip", click: flipZone, title: say("time.utc") }, "UTC");
  const words = h("span");
  const body = h("div", { class: "fields", id: newId("filters") });
  const toggle = h("button", { type: "button", class: "toggle", "aria-controls": body.id, click: flip }, words);
  fill(
    body,
    fields.map(({ element }) => element),
    zone,
    clearButton,
  );
  flip();
  show();
  /** @param {SubmitEvent} event */
  const submit = (event) => event.preventDefault(); // a change has been applied already
  const element = h("form", { class: "filters", submit, "aria-label": say("filter") }, toggle, body);
  return { element, clear, refuse };

  function flip() {
    const isOpen = toggle.getAttribute("aria-expanded") === "false";
    toggle.setAttribute("aria-expanded", String(isOpen));
    body.classList.toggle("open", isOpen);
  }

  /** Show times in UTC, or in the zone of the reader: on the page, and in the fields for times. */
  function flipZone() {
    setUtc(!isUtc());
    showTimes();
    show();
  }

  function show() {
    zone.setAttribute("aria-pressed", String(isUtc()));
    const active = activeCount(current, filters);
    clearButton.hidden = active === 0;
    fill(words, active > 0 ? say("filter.count", { n: active }) : say("filter"));
    for (const one of fields) {
      one.update(current);
      one.refuse("");
    }
  }

  /**
   * Show messages below the controls of parameters. Returns false if one of them has none.
   * @param {string[]} names
   * @param {(name: string) => string} messageOf
   */
  function refuse(names, messageOf) {
    const found = names.map((name) => fields.find((one) => one.names.includes(name)));
    names.forEach((name, at) => found[at]?.refuse(messageOf(name)));
    if (names.length > 0 && toggle.getAttribute("aria-expanded") === "false") flip();
    return names.length > 0 && found.every((one) => one !== undefined);
  }
}
