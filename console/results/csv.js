// @ts-check
// A table as CSV (RFC 4180): a header, commas, lines that end in CR LF.

/** @import { Column, MaybeJson, Table } from "../types.js" */

import { isNested, jsonText } from "./kinds.js";

/** A CSV with more cells is mostly commas: a table whose rows share few members. */
const MAX_CELLS = 50_000_000;
const PIECE_CHARACTERS = 1 << 18;

/** @param {Table} table */
export const canBeCsv = (table) => table.hasAll && table.count * table.columns.length <= MAX_CELLS;

/**
 * The CSV of a table, in pieces of some rows. `nameOf(column)` is the head of a column.
 * @param {Table} table
 * @param {(column: Column) => string} nameOf
 */
export function* csvPieces(table, nameOf) {
  const width = table.columns.length;
  let piece = line(table.columns.map((column) => textField(nameOf(column))));
  for (let row = 0; row < table.count; row += 1) {
    const fields = new Array(width);
    for (let column = 0; column < width; column += 1) fields[column] = field(table.cell(row, column));
    piece += line(fields);
    if (piece.length > PIECE_CHARACTERS) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

/**
 * A row. One with a single empty field would be an empty line, which readers skip.
 * @param {string[]} fields
 */
const line = (fields) => `${fields.length === 1 && fields[0] === "" ? '""' : harmlessRow(fields).join(",")}\r\n`;

/**
 * Where the comma is not a separator, a row is one cell. If it begins with a number such as -5, a following text could
 * continue a formula, unless it is in quotes.
 * @param {string[]} fields
 */
const harmlessRow = (fields) => (/^"?[+-]/.test(fields[0]) ? fields.map(inQuotes) : fields);

/** @param {string} field */
const inQuotes = (field) => (field === "" || field.startsWith('"') || NUMBER.test(field) ? field : `"${field}"`);

/**
 * A field: nothing for null and absent values, `""` for an empty text, JSON for arrays and objects.
 * @param {MaybeJson} value
 */
export function field(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return textField(value);
  return isNested(value) ? quoted(harmlessJson(jsonText(value))) : jsonText(value);
}

/** @param {string} text */
const textField = (text) => (text === "" ? '""' : quoted(harmless(text)));

/** @param {string} text */
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// A spreadsheet with another separator than the comma, as in most of the world, ignores the quotes of a field in the
// middle of a row: it may start a cell after each character of BREAK. Before the sign of a formula it may drop PADDING:
// quotes, blanks, and invisible characters.
const BLANK_BREAK = "\\t\\v\\f\\r\\n\\u0085\\u2028\\u2029";
const BREAK = `;${BLANK_BREAK}`;
const PADDING = `(?:(?![${BREAK}])["\\p{Z}\\p{Cf}\\p{Cc}])*`;
const SIGN = "=+\\-@|＝＋－＠｜﹦﹢﹣﹫";
const GUARDED = new RegExp(`^(?='*${PADDING}[${SIGN}${BLANK_BREAK}])|(?<=[${BREAK}])(?='*${PADDING}[${SIGN}])`, "gu");
const BREAK_IN_JSON = new RegExp(`[${BREAK}](?=${PADDING}[${SIGN}])`, "gu");
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/**
 * A text with an apostrophe wherever a spreadsheet could start a formula; a number does not need one. Existing
 * apostrophes there get one more, so that removing one restores the text.
 * @param {string} text
 */
const harmless = (text) => (NUMBER.test(text) ? text : text.replace(GUARDED, "'"));

/**
 * JSON of the same value, with the separators before a formula escaped.
 * @param {string} text
 */
const harmlessJson = (text) =>
  text.replace(BREAK_IN_JSON, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
