// @ts-check
// Numbers with the signs of the reader's locale, which can be seen but are not copied: the text stays that of the result.

import { h } from "../dom.js";
import { perLocale } from "../formats.js";

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?$/;
const formats = perLocale((now) => new Intl.NumberFormat(now, { maximumFractionDigits: 1 }));

/**
 * A number as it is written in JSON; its integer is grouped and its point is that of the locale, by generated content. A
 * number with an exponent is shown as it is.
 * @param {string} text
 */
export function groupedNumber(text) {
  const [, sign, integer, fraction] = NUMBER.exec(text) ?? [];
  if (integer === undefined) return h("span", {}, text);
  const [first, ...groups] = groupsOf(integer);
  return h(
    "span",
    { title: text },
    sign + first.digits,
    groups.map(({ sign: separator, digits }) => h("span", { class: "group", "data-sign": separator }, digits)),
    fraction !== undefined && [h("span", { class: "point", "data-sign": pointOf() }, "."), fraction],
  );
}

/**
 * The groups of an integer's digits, each with the sign before it.
 * @param {string} integer
 */
export function groupsOf(integer) {
  const lengths = formats()
    .formatToParts(BigInt(integer))
    .filter(({ type }) => type === "integer" || type === "group");
  /** @type {{ sign: string, digits: string }[]} */
  const groups = [];
  let [sign, at] = ["", 0];
  for (const { type, value } of lengths) {
    if (type === "group") sign = value;
    else {
      groups.push({ sign, digits: integer.slice(at, at + value.length) });
      at += value.length;
    }
  }
  return groups;
}

const pointOf = () =>
  formats()
    .formatToParts(0.5)
    .find(({ type }) => type === "decimal")?.value ?? ".";
