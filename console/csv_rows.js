// @ts-check
// CSV (RFC 4180) as rows, and rows as JSON. Pure functions on texts; csv_file.js reads files.

/** The fields of a row; null where nothing is between two separators. @typedef {(string | null)[]} Fields */
/** @typedef {{ separator: string, decimalComma: boolean, hasHeader: boolean }} CsvFormat */

/** A CSV that cannot be read. `row` counts from 1, the header included. */
export class CsvFault extends Error {
  /**
   * @param {"unclosed-quote" | "width" | "empty"} kind
   * @param {{ row: number, width?: number, expected?: number }} at
   */
  constructor(kind, at) {
    super(kind);
    this.kind = kind;
    this.at = at;
  }
}

export const SEPARATORS = /** @type {const} */ ([",", ";", "\t", "|"]);

/**
 * A reader of a text that comes in pieces: `push(piece)` returns the rows that end in it, `end()` those that are left.
 * Lines end in CR LF, LF or CR. Empty lines are skipped.
 * @param {string} separator
 */
export function csvReader(separator) {
  const plain = new RegExp(`[${separator === "\t" ? "\\t" : `\\${separator}`}\\r\\n]`, "g");
  /** @type {Fields} */
  let fields = [];
  /** @type {string | null} The field so far. */
  let field = null;
  /** @type {"start" | "plain" | "quoted" | "quote"} `quote`: after a quote in a quoted field. */
  let state = "start";
  /** @type {Fields[]} */
  let rows = [];
  let count = 0;
  return { push, end };

  function endField() {
    fields.push(field);
    field = null;
    state = "start";
  }

  function endRow() {
    endField();
    if (fields.length > 1 || fields[0] !== null) {
      rows.push(fields);
      count += 1;
    }
    fields = [];
  }

  /** @param {string} piece */
  function push(piece) {
    rows = [];
    let at = 0;
    while (at < piece.length) at = state === "quoted" ? quotedFrom(piece, at) : plainFrom(piece, at);
    return rows;
  }

  /**
   * @param {string} piece
   * @param {number} at
   */
  function quotedFrom(piece, at) {
    const quote = piece.indexOf('"', at);
    field += piece.slice(at, quote < 0 ? undefined : quote);
    if (quote < 0) return piece.length;
    state = "quote";
    return quote + 1;
  }

  /**
   * @param {string} piece
   * @param {number} at
   */
  function plainFrom(piece, at) {
    if (piece[at] === '"' && state !== "plain") {
      field = state === "quote" ? `${field}"` : "";
      state = "quoted";
      return at + 1;
    }
    plain.lastIndex = at;
    const stop = plain.exec(piece)?.index ?? piece.length;
    if (stop > at) {
      field = (field ?? "") + piece.slice(at, stop);
      state = "plain";
    }
    return stop < piece.length ? stopAt(piece, stop) : stop;
  }

  /**
   * @param {string} piece
   * @param {number} at
   */
  function stopAt(piece, at) {
    if (piece[at] === separator) {
      endField();
      return at + 1;
    }
    endRow();
    return at + 1; // of CR LF, LF ends an empty line
  }

  function end() {
    rows = [];
    if (state === "quoted") throw new CsvFault("unclosed-quote", { row: count + 1 });
    if (field !== null || fields.length > 0) endRow();
    return rows;
  }
}

/**
 * The first rows of a text. The last one is left out if the text may end in the middle of it.
 * @param {string} text
 * @param {string} separator
 * @param {boolean} isWhole
 */
export function firstRows(text, separator, isWhole) {
  const reader = csvReader(separator);
  const rows = reader.push(text);
  return isWhole ? [...rows, ...reader.end()] : rows;
}

const SNIFFED_ROWS = 20;
const MOST_WIDTH = 10_000;

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
      ? widths.filter((width) => width === first).length * MOST_WIDTH + Math.min(first, MOST_WIDTH - 1)
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

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * The number that a text is, if the number gives the same digits again; otherwise null. So 007, 1e5, 9007199254740993
 * and -0 stay texts.
 * @param {string} text
 * @param {boolean} decimalComma
 */
export function numberIn(text, decimalComma) {
  const dotted = decimalComma ? text.replaceAll(".", "x").replace(",", ".") : text;
  if (!PLAIN_NUMBER.test(dotted)) return null;
  const number = Number(dotted);
  return String(number) === (dotted.includes(".") ? dotted.replace(/\.?0+$/, "") : dotted) ? number : null;
}

/**
 * The names of columns: those of the header, made unique, or `column_1` and so on where there is none.
 * @param {Fields} first The first row.
 * @param {boolean} hasHeader
 */
export function columnNames(first, hasHeader) {
  const names = new Set();
  first.forEach((field, at) => {
    const name = (hasHeader && field) || `column_${at + 1}`;
    let unique = name;
    for (let number = 2; names.has(unique); number += 1) unique = `${name}_${number}`;
    names.add(unique);
  });
  return /** @type {string[]} */ ([...names]);
}

/**
 * Notes of each column if all its values are numbers. A column with a single other value is one of texts, so that no
 * column has both: of 01234 and 56789, neither becomes a number.
 * @param {number} width
 * @param {boolean} decimalComma
 */
export function numericColumns(width, decimalComma) {
  const seen = Array.from({ length: width }, () => ({ numbers: false, texts: false }));
  /** @param {Fields} row */
  const add = (row) =>
    row.forEach((field, at) => {
      const column = seen[at];
      if (field === null || field === "" || column.texts) return;
      if (numberIn(field, decimalComma) === null) column.texts = true;
      else column.numbers = true;
    });
  return { add, found: () => seen.map(({ numbers, texts }) => numbers && !texts) };
}

/**
 * The value of a field. Nothing is null; so is an empty text among numbers.
 * @param {string | null} field
 * @param {boolean} isNumeric
 * @param {boolean} decimalComma
 */
export function fieldValue(field, isNumeric, decimalComma) {
  if (field === null || (isNumeric && field === "")) return null;
  return isNumeric ? numberIn(field, decimalComma) : field;
}

/**
 * A function that writes rows as JSON objects.
 * @param {string[]} names
 * @param {boolean[]} numeric
 * @param {boolean} decimalComma
 */
export function rowWriter(names, numeric, decimalComma) {
  const heads = names.map((name, at) => `${at === 0 ? "{" : ","}${JSON.stringify(name)}:`);
  /** @param {Fields} row */
  return (row) => {
    let text = "";
    for (let at = 0; at < heads.length; at += 1)
      text += heads[at] + JSON.stringify(fieldValue(row[at], numeric[at], decimalComma));
    return `${text}}`;
  };
}
