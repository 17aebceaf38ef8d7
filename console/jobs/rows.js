// @ts-check
// The first rows of an object, which may be cut anywhere: of NDJSON, a JSON array, or CSV. Values are shown as they are
// written, so that no digit of a number is lost.

import { formatOf as csvFormatOf } from "../csv_format.js";
import { csvReader } from "../csv_reader.js";
import { membersOf, partsOf } from "../json_text.js";

/** The text of a value, and whether it is a number. @typedef {{ text: string, isNumber: boolean }} Shown */
/** A table: the names of its columns, and the values of each row. @typedef {{ names: string[], rows: Shown[][] }} Rows */

const VALUE = "";
const NONE = { text: "", isNumber: false };

/**
 * The first rows in the beginning of an object's text, or null if its format is not one that a text shows.
 * @param {string} text
 * @param {{ format: string, isCut: boolean, most: number }} options
 * @returns {Rows | null}
 */
export function firstRows(text, { format, isCut, most }) {
  if (format === "csv") return csvRows(text, isCut, most);
  if (format === "ndjson") return tableOf(linesIn(text, isCut).slice(0, most));
  if (format === "json") return tableOf(elementsIn(text, isCut).slice(0, most));
  return null;
}

/**
 * @param {string} text
 * @param {boolean} isCut
 */
const whole = (text, isCut) => (isCut ? text.slice(0, text.lastIndexOf("\n") + 1) : text);

/**
 * @param {string} text
 * @param {boolean} isCut
 */
const linesIn = (text, isCut) =>
  whole(text, isCut)
    .split("\n")
    .filter((line) => line.trim());

/**
 * @param {string} text
 * @param {boolean} isCut
 */
function elementsIn(text, isCut) {
  if (text.trimStart().startsWith("[")) return Array.from(partsOf(text), (part) => part.text);
  return isCut ? [] : [text];
}

/**
 * @param {string[]} texts
 * @returns {Rows}
 */
function tableOf(texts) {
  const rows = texts.map((text) => (text.trimStart().startsWith("{") ? membersOf(text) : new Map([[VALUE, text]])));
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  return { names, rows: rows.map((row) => names.map((name) => shown(row.get(name)))) };
}

/**
 * @param {string | undefined} json
 * @returns {Shown}
 */
function shown(json) {
  if (json === undefined) return NONE;
  const text = json.trim();
  return { text: text.startsWith('"') ? unquoted(text) : text, isNumber: /^-?\d/.test(text) };
}

/** @param {string} text */
function unquoted(text) {
  try {
    return String(JSON.parse(text));
  } catch {
    return text; // no JSON: shown as it is
  }
}

/**
 * @param {string} text
 * @param {boolean} isCut
 * @param {number} most
 * @returns {Rows}
 */
function csvRows(text, isCut, most) {
  const reader = csvReader(csvFormatOf(text, !isCut).separator);
  const read = reader.push(whole(text, isCut));
  const rows = isCut ? read : [...read, ...ended(reader)];
  const [names = [], ...others] = rows.map((row) => row.map((value) => value ?? ""));
  return { names, rows: others.slice(0, most).map((row) => row.map((value) => ({ text: value, isNumber: false }))) };
}

/** The last row; none behind an unclosed quote. @param {ReturnType<typeof csvReader>} reader */
function ended(reader) {
  try {
    return reader.end();
  } catch {
    return [];
  }
}
