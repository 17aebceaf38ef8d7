// @ts-check
// The profile of a column, shown below its head.

/** @import { ColumnProfile } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count, percent } from "../formats.js";
import { called, say } from "../words.js";
import { MOST_DISTINCT } from "./columns.js";
import { groupedNumber } from "./number_view.js";
import { visible } from "./visible.js";

const BARS = "▁▂▃▄▅▆▇█";

/** @param {ColumnProfile} profile */
export function profileElement(profile) {
  const { type, empty, count: rows, distinct, least, greatest, histogram } = profile;
  const isNumber = type === "number" || type === "integer";
  /** @param {string} text */
  const value = (text) => (isNumber ? groupedNumber(text) : visible(text));
  return h(
    "div",
    { class: "profile" },
    h("span", {}, called("column", type)),
    h("span", {}, say("profile.empty", { share: percent(rows ? empty / rows : 0) })),
    distinct > 0 && h("span", {}, distinctText(distinct)),
    least !== undefined &&
      greatest !== undefined &&
      h("span", {}, value(least), least !== greatest && [` ${say("profile.to")} `, value(greatest)]),
    histogram && histogram.length > 1 && h("span", { class: "histogram", "aria-hidden": "true" }, barsOf(histogram)),
  );
}

/** @param {number} distinct */
const distinctText = (distinct) =>
  counted("profile.distinct", distinct, { n: distinct < MOST_DISTINCT ? count(distinct) : `≥ ${count(distinct)}` });

/**
 * Counts as bars of text; those that are not zero can be seen.
 * @param {number[]} counts
 */
export function barsOf(counts) {
  const most = Math.max(...counts, 1);
  return counts.map((one) => (one === 0 ? "\u2007" : BARS[Math.round(((BARS.length - 1) * one) / most)])).join("");
}
