// @ts-check
// The time for which a new API key is valid: a preset, or any number of days.

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { perLocale } from "../formats.js";
import { choice, field } from "../parts/field.js";
import { say } from "../words.js";

const PRESETS = [7, 30, 90];
const YEAR = 365;
const MAX_DAYS = 3_650;
const DAY_MS = 86_400_000;

/** The choice, with the date on which the key expires below it. */
export function expiryField() {
  /** @type {[string | number, string][]} */
  const options = [
    ["", say("keys.never")],
    ...PRESETS.map((days) => /** @type {[number, string]} */ ([days, counted("filter.days", days)])),
    [YEAR, say("keys.year")],
    ["custom", say("filter.custom")],
  ];
  const { element: preset, input: chosen } = choice(say("keys.expiry"), options, { choose: show });
  const custom = field(say("keys.days"), { type: "number", min: 1, max: MAX_DAYS, input: show });
  const date = h("p", { class: "quiet", role: "status" });
  custom.element.hidden = true;
  return { element: [h("div", { class: "row expiry" }, preset, custom.element), date], days };

  /** The days, or null for a key that does not expire. */
  function days() {
    const text = chosen.value === "custom" ? custom.input.value : chosen.value;
    return text === "" ? null : Number(text);
  }

  function show() {
    const isCustom = chosen.value === "custom";
    custom.element.hidden = !isCustom;
    custom.input.required = isCustom;
    const wanted = days();
    const isRight = wanted !== null && wanted >= 1 && wanted <= MAX_DAYS;
    date.textContent = isRight ? say("keys.expires-on", { date: dateIn(wanted) }) : "";
  }
}

const dates = perLocale((now) => new Intl.DateTimeFormat(now, { dateStyle: "long" }));

/** @param {number} days */
const dateIn = (days) => dates().format(Date.now() + days * DAY_MS);
