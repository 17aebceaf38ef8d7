// @ts-check
// A table as CSV (RFC 4180): a header, a separator, lines that end in CR LF. Spreadsheets expect the separator and the
// decimal sign of their country, so there is a dialect for each.

/** @import { Column, CsvDialect, MaybeJson, Table } from "../types.js" */

import { isNested, jsonText } from "./kinds.js";

/** A CSV with more cells is mostly commas: a table whose rows share few members. */
const MAX_CELLS = 50_000_000;
const PIECE_CHARACTERS = 1 << 18;

/** @param {Table} table */
export const canBeCsv = (table) => table.hasAll && table.count * table.columns.length <= MAX_CELLS;

/**
 * A dialect: its separator, its decimal sign, the mark by which Excel knows UTF-8, and the separator of those who may open
 * it with another one.
 * @typedef {{ separator: "," | ";", other: "," | ";", decimal: "." | ",", mark: "" | "\ufeff" }} Dialect
 */

/** @type {Record<CsvDialect, Dialect>} */
const DIALECTS = {
  standard: { separator: ",", other: ";", decimal: ".", mark: "" },
  "excel-br": { separator: ";", other: ",", decimal: ",", mark: "\ufeff" },
};

/** The names of the dialects. */
export const CSV_DIALECTS = /** @type {CsvDialect[]} */ (Object.keys(DIALECTS));

/**
 * The CSV of a table, in pieces of some rows. `nameOf(column)` is the head of a column.
 * @param {Table} table
 * @param {(column: Column) => string} nameOf
 * @param {CsvDialect} [name]
 */
export function* csvPieces(table, nameOf, name = "standard") {
  const dialect = DIALECTS[name];
  const { textField, field } = fieldsOf(dialect);
  const width = table.columns.length;
  let piece =
    dialect.mark +
    line(
      table.columns.map((column) => textField(nameOf(column))),
      dialect,
    );
  for (let row = 0; row < table.count; row += 1) {
    const fields = new Array(width);
    for (let column = 0; column < width; column += 1) fields[column] = field(table.cell(row, column));
    piece += line(fields, dialect);
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
 * @param {Dialect} dialect
 */
const line = (fields, { separator }) =>
  `${fields.length === 1 && fields[0] === "" ? '""' : harmlessRow(fields).join(separator)}\r\n`;

/**
 * Where the separator is another one, a row is one cell. If it begins with a number such as -5, a following text could
 * continue a formula, unless it is in quotes.
 * @param {string[]} fields
 */
const harmlessRow = (fields) => (/^"?[+-]/.test(fields[0]) ? fields.map(inQuotes) : fields);

/** @param {string} field */
const inQuotes = (field) => (field === "" || field.startsWith('"') || NUMBER.test(field) ? field : `"${field}"`);

/**
 * The fields of a dialect: of a text, and of any value. There is nothing for null and absent values, `""` for an empty
 * text, JSON for arrays and objects.
 * @param {Dialect} dialect
 */
function fieldsOf(dialect) {
  const { harmless, harmlessJson } = guards(dialect);
  const special = new RegExp(`["${dialect.separator}\\r\\n]`);
  /** @param {string} text */
  const quoted = (text) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  /** @param {string} text */
  const textField = (text) => (text === "" ? '""' : quoted(harmless(text)));
  /** @param {MaybeJson} value */
  const field = (value) => {
    if (value === undefined || value === null) return "";
    if (typeof value === "string") return textField(value);
    if (isNested(value)) return quoted(harmlessJson(jsonText(value)));
    return typeof value === "number" ? jsonText(value).replace(".", dialect.decimal) : jsonText(value);
  };
  return { textField, field };
}

// A spreadsheet with another separator than the file's ignores the quotes of a field in the middle of a row: it may start
// a cell after each character of BREAK. Before the sign of a formula it may drop PADDING: quotes, blanks, and invisible
// characters.
const BLANK_BREAK = "\\t\\v\\f\\r\\n\\u0085\\u2028\\u2029";
const SIGN = "=+\\-@|＝＋－＠｜﹦﹢﹣﹫";
const JSON_STRING = /"(?:[^"\\]|\\.)*"/gsu;
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/**
 * The guards against formulas of a dialect.
 * @param {Dialect} dialect
 */
function guards({ other }) {
  const BREAK = `${other}${BLANK_BREAK}`;
  const PADDING = `(?:(?![${BREAK}])["\\p{Z}\\p{Cf}\\p{Cc}])*`;
  const guarded = new RegExp(`^(?='*${PADDING}[${SIGN}${BLANK_BREAK}])|(?<=[${BREAK}])(?='*${PADDING}[${SIGN}])`, "gu");
  const breakInString = new RegExp(`[${BREAK}](?=${PADDING}[${SIGN}])`, "gu");
  const signFirst = new RegExp(`^(${PADDING})([${SIGN}])`, "u");
  /** @param {string} text */
  const inString = (text) => text.replace(breakInString, escaped);
  return {
    /**
     * A text with an apostrophe wherever a spreadsheet could start a formula; a number does not need one. Existing
     * apostrophes there get one more, so that removing one restores the text.
     * @param {string} text
     */
    harmless: (text) => (NUMBER.test(text) ? text : text.replace(guarded, "'")),
    /**
     * JSON of the same value, with the separators before a formula escaped. A comma between values cannot be, so there
     * the sign of a text is; the sign of a number is left.
     * @param {string} text
     */
    harmlessJson: (text) =>
      other === ","
        ? text.replace(JSON_STRING, (string) =>
            inString(string).replace(signFirst, (_, padding, sign) => padding + escaped(sign)),
          )
        : inString(text),
  };
}

/**
 * A character as an escape of JSON.
 * @param {string} character
 */
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
