// @ts-check
// The first rows of an object, which may be cut anywhere: of NDJSON, a JSON array, or CSV.

/** @import { Json } from "../types.js" */

import { csvReader } from "../csv_reader.js";
import { partsOf } from "../json_text.js";

/** A table: the names of its columns, and the values of each row. @typedef {{ names: string[], rows: Json[][] }} Rows */

const VALUE = "";

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
const linesIn = (text, isCut) =>
  (isCut ? text.slice(0, text.lastIndexOf("\n") + 1) : text).split("\n").filter((line) => line.trim());

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
  const members = texts.map((text) => membersOf(JSON.parse(text)));
  const names = [...new Set(members.flatMap((one) => Object.keys(one)))];
  return { names, rows: members.map((one) => names.map((name) => one[name] ?? null)) };
}

/**
 * The members of an object; any other value is one without a name.
 * @param {Json} value
 * @returns {Record<string, Json>}
 */
const membersOf = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : { [VALUE]: value };

/**
 * @param {string} text
 * @param {boolean} isCut
 * @param {number} most
 * @returns {Rows}
 */
function csvRows(text, isCut, most) {
  const reader = csvReader(",");
  const rows = reader.push(isCut ? text.slice(0, text.lastIndexOf("\n") + 1) : text);
  if (!isCut) rows.push(...reader.end());
  const [names = [], ...others] = rows;
  return { names: names.map(String), rows: others.slice(0, most) };
}
