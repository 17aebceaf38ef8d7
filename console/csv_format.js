// @ts-check
// Recognises CSV, and its likely format, by the beginning of a file.

import { firstRows } from "./csv_reader.js";
import { numberIn } from "./csv_values.js";
import { isJson } from "./dataset.js";

/** @typedef {{ separator: string, decimalComma: boolean, hasHeader: boolean }} CsvFormat */

export const SEPARATORS = /** @type {const} */ ([",", ";", "\t", "|"]);

const SNIFFED_ROWS = 20;
const MAX_WIDTH = 10_000;

/**
 * The likely format of a text's first rows: the separator by which the most of them have as many fields as the first, if
 * that has several.
 * @param {string} text
 * @param {boolean} isWhole
 * @returns {CsvFormat}
 */
export function formatOf(text, isWhole) {
  /** @param {string} separator */
  const fit = (separator) => {
    const widths = rowsOrNone(text, separator, isWhole).map((row) => row.length);
    const [first = 1] = widths;
    return first > 1
      ? widths.filter((width) => width === first).length * MAX_WIDTH + Math.min(first, MAX_WIDTH - 1)
      : 0;
  };
  const separator = SEPARATORS.reduce((best, other) => (fit(other) > fit(best) ? other : best));
  const rows = rowsOrNone(text, separator, isWhole);
  const fields = rows.flat().filter((field) => field !== null);
  const decimalComma = separator !== "," && fields.some(isDecimal(",")) && !fields.some(isDecimal("."));
  const [first = []] = rows;
  const hasHeader = first.every((field) => numberIn(field ?? "", decimalComma) === null);
  return { separator, decimalComma, hasHeader };
}

/**
 * @param {string} text
 * @param {string} separator
 * @param {boolean} isWhole
 */
function rowsOrNone(text, separator, isWhole) {
  try {
    return firstRows(text, separator, isWhole).slice(0, SNIFFED_ROWS);
  } catch {
    return []; // an unclosed quote, which the conversion reports
  }
}

/** @param {"." | ","} point */
const isDecimal = (point) => (/** @type {string} */ field) => new RegExp(`^-?\\d+\\${point}\\d+$`).test(field);

/**
 * Tests if a file is CSV, by its name or its first bytes: no JSON, and a line with a separator.
 * @param {string} name
 * @param {string} text The beginning of the file.
 */
export function isCsv(name, text) {
  if (/\.(csv|tsv)$/i.test(name)) return true;
  if (/\.(json|ndjson|jsonl|gz|zst)$/i.test(name)) return false;
  const [line] = text.trimStart().split(/[\r\n]/, 1);
  return !/^[[{]/.test(line) && !isJson(line) && SEPARATORS.some((separator) => line.includes(separator));
}
