// @ts-check
// The filter of a period: presets, or two times of the reader's own.

/** @import { Change, FilterControl } from "./filter_controls.js" */
/** @import { PeriodEnds } from "./list_query.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { say } from "../words.js";
import { chips, messageBelow } from "./filter_controls.js";
import { CUSTOM, PERIODS, periodOf } from "./list_query.js";
import { momentField } from "./moment_field.js";

/**
 * The period: presets, or two times of the reader's own.
 * @param {PeriodEnds} ends
 * @param {Change} change
 * @returns {FilterControl}
 */
export function periodFilter({ from, to }, change) {
  /** @type {[string, string][]} */
  const options = [
    ["", say("filter.any-time")],
    ...Object.keys(PERIODS).map((name) => /** @type {[string, string]} */ ([name, periodText(name)])),
    [CUSTOM, say("filter.custom")],
  ];
  const choose = (/** @type {string} */ period) =>
    change(period === CUSTOM ? { period } : { period, [from]: undefined, [to]: undefined });
  const { element, press } = chips(say("filter.period"), options, choose);
  const ends = [
    { name: from, ...momentField(say("filter.from")) },
    { name: to, ...momentField(say("filter.to")) },
  ];
  for (const { name, input, timestamp, reveal } of ends)
    input.addEventListener("change", () => {
      const entered = timestamp();
      if (entered === null) reveal();
      else change({ period: CUSTOM, [name]: entered });
    });
  const custom = h(
    "div",
    { class: "row" },
    ends.map((end) => end.element),
  );
  element.append(custom);
  return {
    names: ["period", from, to],
    element,
    update: (address) => {
      const period = periodOf(address, { names: [], from, to }) ?? "";
      press(period);
      custom.hidden = period !== CUSTOM;
      for (const { name, show } of ends) show(address[name]);
    },
    refuse: messageBelow(element),
  };
}

/**
 * The text of a preset period.
 * @param {string} name A number and a unit, such as `24h`.
 */
export function periodText(name) {
  const number = Number.parseInt(name, 10);
  return counted(name.endsWith("h") ? "filter.hours" : "filter.days", number);
}
