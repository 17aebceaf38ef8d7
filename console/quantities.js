// @ts-check
// Times and sizes as people write them: `45s`, `1.5 min`, `512 MiB`. A number without a unit is none, since it would be
// taken for milliseconds or bytes, which few people mean.

/**
 * Units of a kind: those that are written, from the smallest, and other spellings that are read, in lower case.
 * @typedef {object} Units
 * @property {[unit: string, worth: number][]} written
 * @property {[unit: string, worth: number][]} read
 */

/** @type {Units} */
export const TIMES = {
  written: [
    ["ms", 1],
    ["s", 1_000],
    ["min", 60_000],
    ["h", 3_600_000],
  ],
  read: [
    ["sec", 1_000],
    ["m", 60_000],
  ],
};

/** @type {Units} */
export const SIZES = {
  written: [
    ["B", 1],
    ["KiB", 2 ** 10],
    ["MiB", 2 ** 20],
    ["GiB", 2 ** 30],
  ],
  read: [
    ["byte", 1],
    ["bytes", 1],
    ["kb", 1e3],
    ["mb", 1e6],
    ["gb", 1e9],
  ],
};

const QUANTITY = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z]+)\s*$/i;
const MAX_DECIMALS = 3;

/**
 * The whole number of the smallest unit that a text stands for, with a decimal point or comma; null for any other text.
 * @param {string} text
 * @param {Units} units
 */
export function quantityIn(text, units) {
  const [, digits, unit = ""] = QUANTITY.exec(text) ?? [];
  const worth = worthOf(unit.toLowerCase(), units);
  if (digits === undefined || worth === undefined) return null;
  const value = Math.round(Number(digits.replace(",", ".")) * worth);
  return Number.isSafeInteger(value) ? value : null;
}

/**
 * @param {string} unit In lower case.
 * @param {Units} units
 */
function worthOf(unit, { written, read }) {
  const [, worth] = [...written, ...read].find(([name]) => name.toLowerCase() === unit) ?? [];
  return worth;
}

/**
 * A whole number in the largest unit that shows it exactly, so that `quantityIn` reads the same number from the text.
 * @param {number} value
 * @param {Units} units
 * @param {string} [locale]
 */
export function quantityText(value, { written }, locale = "en") {
  /** @param {[unit: string, worth: number]} unit */
  const isExact = ([, worth]) => value >= worth && Number((value / worth).toFixed(MAX_DECIMALS)) * worth === value;
  const [unit, worth] = written.findLast(isExact) ?? written[0];
  const number = (value / worth).toLocaleString(locale, {
    useGrouping: false,
    maximumFractionDigits: MAX_DECIMALS,
    numberingSystem: "latn",
  });
  return `${number} ${unit}`;
}
