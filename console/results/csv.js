// A table as CSV (RFC 4180): a header, commas, lines that end in CR LF.

import { isNested, jsonText } from "./kinds.js";

/** Beyond so many cells a CSV is mostly commas: a table whose rows hardly share a member. */
const MOST_CELLS = 50_000_000;

export const canBeCsv = (table) => table.hasAll && table.count * table.columns.length <= MOST_CELLS;

/** The CSV of a table, in pieces of some rows. `nameOf(column)` is what its header says. */
export function* csvPieces(table, nameOf) {
  const width = table.columns.length;
  let piece = line(table.columns.map((column) => textField(nameOf(column))));
  for (let row = 0; row < table.count; row += 1) {
    const fields = new Array(width);
    for (let column = 0; column < width; column += 1) fields[column] = field(table.cell(row, column));
    piece += line(fields);
    if (piece.length > 1 << 18) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

/** A line of one empty field would be an empty line, which readers skip. */
const line = (fields) => `${fields.length === 1 && fields[0] === "" ? '""' : harmlessRow(fields).join(",")}\r\n`;

/**
 * Where a comma is no separator, a row is one cell. If it begins with a number such as -5, a text behind that could go on
 * a formula, unless it is in quotes.
 */
const harmlessRow = (fields) => (/^"?[+-]/.test(fields[0]) ? fields.map(inQuotes) : fields);

const inQuotes = (field) => (field === "" || field.startsWith('"') || NUMBER.test(field) ? field : `"${field}"`);

/** A field: nothing for null and for what is absent, `""` for an empty text, JSON for what has members. */
export function field(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return textField(value);
  return isNested(value) ? quoted(harmlessJson(jsonText(value))) : jsonText(value);
}

const textField = (text) => (text === "" ? '""' : quoted(harmless(text)));

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// A spreadsheet that takes another separator than the comma, as it does in most of the world, does not see the quotes of
// a field in the middle of a row: it may begin a cell behind each of BREAK. Before the sign of a formula it may drop what
// PADDING has: quotes, blanks, and characters that are not seen.
const BLANK_BREAK = "\\t\\v\\f\\r\\n\\u0085\\u2028\\u2029";
const BREAK = `;${BLANK_BREAK}`;
const PADDING = `(?:(?![${BREAK}])["\\p{Z}\\p{Cf}\\p{Cc}])*`;
const SIGN = "=+\\-@|＝＋－＠｜﹦﹢﹣﹫";
const GUARDED = new RegExp(`^(?='*${PADDING}[${SIGN}${BLANK_BREAK}])|(?<=[${BREAK}])(?='*${PADDING}[${SIGN}])`, "gu");
const BREAK_IN_JSON = new RegExp(`[${BREAK}](?=${PADDING}[${SIGN}])`, "gu");
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/**
 * A text with an apostrophe before everything in it that a spreadsheet could run as a formula; a number does not need
 * one. Apostrophes that stand there already get one more, so that taking one away gives the text back.
 */
export const harmless = (text) => (NUMBER.test(text) ? text : text.replace(GUARDED, "'"));

/** JSON of the same value, in which no formula stands behind a separator: those are escaped. */
const harmlessJson = (text) =>
  text.replace(BREAK_IN_JSON, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
