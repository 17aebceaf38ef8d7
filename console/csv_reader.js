// @ts-check
// Reads CSV (RFC 4180) as rows, from a text that comes in pieces.

/** The fields of a row; null where nothing is between two separators. @typedef {(string | null)[]} Fields */

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
