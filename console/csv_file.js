// @ts-check
// Converts a CSV file to JSON, in pieces that leave the page responsive: each is read, parsed and written by itself.
// The file is read twice: whether a column has numbers is known at its end only.

/**
 * @import { CsvFormat } from "./csv_format.js"
 * @import { Fields } from "./csv_reader.js"
 */

import { unusable } from "./api.js";
import { formatOf, isCsv } from "./csv_format.js";
import { CsvFault, csvReader, firstRows } from "./csv_reader.js";
import { columnNames, numericColumns, rowWriter } from "./csv_values.js";
import { count, size } from "./formats.js";
import { say } from "./words.js";

const PIECE_BYTES = 1 << 18;
const HEAD_BYTES = 1 << 16;
const SINGLE_BYTE = "windows-1252";

/** The beginning of a CSV file, as text. @typedef {{ file: File, text: string, encoding: string, isWhole: boolean }} CsvHead */

/**
 * The beginning of a file if it is CSV; otherwise null.
 * @param {File} file
 * @returns {Promise<CsvHead | null>}
 */
export async function csvHead(file) {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  return isCsv(file.name, text) ? { file, text, encoding, isWhole: file.size <= HEAD_BYTES } : null;
}

/** @param {Uint8Array} bytes */
function encodingOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return "utf-8";
  } catch {
    return SINGLE_BYTE;
  }
}

/** @param {CsvHead} head */
export const sniffed = ({ text, isWhole }) => formatOf(text, isWhole);

/**
 * The names of the columns and the first rows, as their values would be if the rest of the file were like them.
 * @param {CsvHead} head
 * @param {CsvFormat} format
 * @param {number} most
 */
export function preview({ text, isWhole }, { separator, decimalComma, hasHeader }, most) {
  const rows = firstRows(text, separator, isWhole);
  const [first = []] = rows;
  const shown = rows.slice(hasHeader ? 1 : 0).filter(({ length }) => length === first.length);
  const columns = numericColumns(first.length, decimalComma);
  shown.forEach(columns.add);
  return { names: columnNames(first, hasHeader), rows: shown.slice(0, most), numeric: columns.found() };
}

/**
 * The JSON of a CSV file: an array of objects. Rejects with `Refused` if it is no proper CSV, or larger than `mostBytes`.
 * @param {CsvHead} head
 * @param {CsvFormat} format
 * @param {{ mostBytes: number | undefined, onProgress: (fraction: number) => void, signal: AbortSignal }} options
 */
export async function jsonOf(head, format, options) {
  try {
    return await converted(head, format, options);
  } catch (error) {
    if (error instanceof CsvFault) throw faultOf(error, head.file);
    // Only the end of a long file shows that it is not UTF-8.
    if (error instanceof TypeError && head.encoding === "utf-8")
      return jsonOf({ ...head, encoding: SINGLE_BYTE }, format, options);
    throw error;
  }
}

/**
 * @param {CsvHead} head
 * @param {CsvFormat} format
 * @param {{ mostBytes: number | undefined, onProgress: (fraction: number) => void, signal: AbortSignal }} options
 */
async function converted(
  { file, encoding },
  { separator, decimalComma, hasHeader },
  { mostBytes, onProgress, signal },
) {
  /** @param {number} from */
  const rows = (from) =>
    rowsOf(file, encoding, separator, { signal, onProgress: (part) => onProgress(from + part / 2) });
  const { names, numeric } = await columnsOf(rows(0), decimalComma, hasHeader);
  const write = rowWriter(names, numeric, decimalComma);
  /** @type {Blob[]} */
  const parts = [];
  let [bytes, start, skipped] = [0, "[", hasHeader ? 1 : 0];
  for await (const piece of rows(0.5)) {
    const texts = piece.slice(skipped).map(write);
    if (piece.length > 0) skipped = 0;
    if (texts.length === 0) continue;
    const part = new Blob([start, texts.join(",\n")]);
    parts.push(part);
    start = ",\n";
    bytes += part.size;
    if (mostBytes !== undefined && bytes > mostBytes)
      throw unusable(() => say("csv.too-large", { name: file.name, most: size(mostBytes) }));
  }
  return new Blob([...parts, start === "[" ? "[]" : "]"], { type: "application/json" });
}

/**
 * The names of the columns, and which of them are numbers. Every row has to be as wide as the first.
 * @param {AsyncIterable<Fields[]>} pieces
 * @param {boolean} decimalComma
 * @param {boolean} hasHeader
 */
async function columnsOf(pieces, decimalComma, hasHeader) {
  /** @type {{ names: string[], columns: ReturnType<typeof numericColumns> } | null} */
  let found = null;
  let row = 0;
  for await (const piece of pieces) {
    for (const fields of piece) {
      row += 1;
      const isHeader = found === null && hasHeader;
      found ??= { names: columnNames(fields, hasHeader), columns: numericColumns(fields.length, decimalComma) };
      const expected = found.names.length;
      if (fields.length !== expected) throw new CsvFault("width", { row, width: fields.length, expected });
      if (!isHeader) found.columns.add(fields);
    }
  }
  if (found === null) throw new CsvFault("empty", { row: 1 });
  return { names: found.names, numeric: found.columns.found() };
}

/**
 * The rows of a file, in pieces.
 * @param {File} file
 * @param {string} encoding
 * @param {string} separator
 * @param {{ signal: AbortSignal, onProgress: (fraction: number) => void }} options
 * @returns {AsyncGenerator<Fields[]>}
 */
async function* rowsOf(file, encoding, separator, { signal, onProgress }) {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const reader = csvReader(separator);
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    const bytes = await file.slice(at, at + PIECE_BYTES).arrayBuffer();
    signal.throwIfAborted();
    yield reader.push(decoder.decode(bytes, { stream: true }));
    onProgress(Math.min(1, (at + PIECE_BYTES) / file.size));
  }
  yield reader.push(decoder.decode());
  yield reader.end();
}

/**
 * @param {CsvFault} fault
 * @param {File} file
 */
function faultOf({ kind, at: { row, width = 0, expected = 0 } }, { name }) {
  if (kind === "empty") return unusable(() => say("csv.empty", { name }));
  return unusable(
    () => say("csv.fault", { name, row: count(row) }),
    () => (kind === "width" ? say("csv.width", { width, expected }) : say("csv.quote")),
  );
}
