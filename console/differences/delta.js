// @ts-check
// The difference of two numbers, computed from their texts.

/** @import { ShownValue } from "../types.js" */

import { amount, change } from "../changes.js";

const DIGITS = 12;
const INTEGER = /^-?\d+$/;

/**
 * The signed difference of two numbers as a text, with its size in percent of the first one; undefined for other values.
 * @param {ShownValue} before
 * @param {ShownValue} after
 */
export function deltaText(before, after) {
  if (before.cell.kind !== "number" || after.cell.kind !== "number") return undefined;
  const delta = difference(before.cell.text, after.cell.text);
  if (delta === 0 || !Number.isFinite(delta)) return undefined;
  const sign = delta < 0 ? "\u2212" : "+";
  const share = Math.abs(delta / Number(before.cell.text));
  return `${sign}${amount(Math.abs(delta))}${Number.isFinite(share) ? ` (${change(100 * share)})` : ""}`;
}

/**
 * The difference of two numbers: exact for integers, and otherwise without the digits that binary fractions add.
 * @param {string} before
 * @param {string} after
 */
export function difference(before, after) {
  if (INTEGER.test(before) && INTEGER.test(after)) return Number(BigInt(after) - BigInt(before));
  return Number((Number(after) - Number(before)).toPrecision(DIGITS));
}
