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
const line = (fields) => `${fields.length === 1 && fields[0] === "" ? '""' : fields.join(",")}\r\n`;

/** A field: nothing for null and for what is absent, `""` for an empty text, JSON for what has members. */
export function field(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return textField(value);
  return isNested(value) ? quoted(jsonText(value)) : jsonText(value);
}

const textField = (text) => (text === "" ? '""' : quoted(harmless(text)));

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/** A text that a spreadsheet would run as a formula gets an apostrophe before it; a number does not need it. */
export const harmless = (text) => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);
