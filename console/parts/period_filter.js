// @ts-check
// The filter of a period: presets, or two times of the reader's own.

/** @import { Change, FilterControl } from "./filter_controls.js" */
/** @import { PeriodEnds } from "./list_query.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { say } from "../words.js";
import { field } from "./field.js";
import { chips, messageBelow } from "./filter_controls.js";
import { CUSTOM, PERIODS, periodOf } from "./list_query.js";
import { toLocal, toTimestamp } from "./timestamps.js";

const TYPING_MS = 500;

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
    { name: from, ...field(say("filter.from"), { type: "datetime-local" }) },
    { name: to, ...field(say("filter.to"), { type: "datetime-local" }) },
  ];
  for (const { name, input } of ends)
    input.addEventListener(
      "change",
      delayed(() => change({ period: CUSTOM, [name]: toTimestamp(input.value) })),
    );
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
      for (const { name, input } of ends) if (input !== document.activeElement) input.value = toLocal(address[name]);
    },
    refuse: messageBelow(element),
  };
}

/**
 * A function that runs `work` once it was not called for a while: each digit of a year makes another time.
 * @param {() => void} work
 */
function delayed(work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, TYPING_MS);
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
