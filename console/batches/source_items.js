// @ts-check
// The values in the source of a batch: the lines of a text, the elements of an array, or the rows of a CSV. Runs in the worker.

/**
 * @import { CsvFormat } from "../csv_format.js"
 * @import { LineFault, SourceKind } from "./types.js"
 */

import { CsvFault, firstRows } from "../csv_reader.js";
import { columnNames, numericColumns, rowWriter } from "../csv_values.js";
import { isJson } from "../dataset.js";
import { partsOf } from "../json_text.js";

/** The characters of an excerpt. */
export const MAX_EXCERPT = 200;

/** A value of a source with its line in it, or its number where it has no lines. @typedef {{ line: number, text: string }} Item */

/** A message about a line of the source. */
export class Fault extends Error {
  /** @param {LineFault} fault */
  constructor(fault) {
    super(fault.kind);
    this.fault = fault;
  }
}

/**
 * The kind of a text that is no CSV. A first line that is whole JSON begins lines, unless it is an array that is alone.
 * @param {string} text
 * @returns {SourceKind}
 */
export function kindOf(text) {
  const start = text.trimStart();
  if (!start.startsWith("[")) return "lines";
  const end = start.indexOf("\n");
  const isAlone = end < 0 || start.slice(end).trim() === "";
  return isAlone || !isJson(start.slice(0, end)) ? "array" : "lines";
}

/**
 * The values of a source.
 * @param {string} text
 * @param {SourceKind} kind
 * @param {CsvFormat} [csv]
 * @returns {Iterable<Item>}
 */
export function itemsOf(text, kind, csv) {
  if (csv) return rowsOf(text, csv);
  return kind === "array" ? elementsOf(text) : textLinesOf(text);
}

/**
 * Lines that are not blank, with their numbers among all.
 * @param {string} text
 * @returns {Generator<Item>}
 */
function* textLinesOf(text) {
  let [line, from] = [0, 0];
  while (from < text.length) {
    const found = text.indexOf("\n", from);
    const end = found < 0 ? text.length : found;
    const one = text.slice(from, end).trim();
    line += 1;
    if (one) yield { line, text: one };
    from = end + 1;
  }
}

/**
 * The elements of an array, as lines without breaks: JSON has them between tokens only.
 * @param {string} text
 * @returns {Generator<Item>}
 */
function* elementsOf(text) {
  checkJson(text); // the parts of a text that is no JSON would leave out what is wrong
  let line = 0;
  for (const part of partsOf(text)) {
    line += 1;
    yield { line, text: part.text.replace(/[\r\n]+/g, " ") };
  }
}

/**
 * Throw a fault if the text of an array is no JSON: at its first element that is none, otherwise after the last whole one.
 * The browser's own message does not always have a position.
 * @param {string} text
 */
function checkJson(text) {
  if (isJson(text)) return;
  let end = 0;
  for (const { text: element } of partsOf(text)) {
    const start = text.indexOf(element, end);
    if (!isJson(element)) throw faultAt(text, start);
    end = start + element.length;
  }
  throw faultAt(text, end);
}

/**
 * @param {string} text
 * @param {number} position
 */
function faultAt(text, position) {
  const before = text.slice(0, position).split("\n");
  const start = position - (before.at(-1)?.length ?? 0);
  const [excerpt] = text.slice(start, start + MAX_EXCERPT).split("\n", 1);
  return new Fault({ line: before.length, kind: "json", excerpt });
}

/**
 * The rows of a CSV, as JSON objects.
 * @param {string} text
 * @param {CsvFormat} format
 * @returns {Generator<Item>}
 */
function* rowsOf(text, { separator, decimalComma, hasHeader }) {
  const rows = readRows(text, separator);
  const [first = []] = rows;
  const start = hasHeader ? 1 : 0;
  const numeric = numericColumns(first.length, decimalComma);
  rows.slice(start).forEach((row) => row.length === first.length && numeric.add(row));
  const write = rowWriter(columnNames(first, hasHeader), numeric.found(), decimalComma);
  for (let at = start; at < rows.length; at += 1) {
    const { length: width } = rows[at];
    if (width !== first.length) throw new Fault({ line: at + 1, kind: "width", width, expected: first.length });
    yield { line: at + 1, text: write(rows[at]) };
  }
}

/**
 * @param {string} text
 * @param {string} separator
 */
function readRows(text, separator) {
  try {
    return firstRows(text, separator, true);
  } catch (error) {
    throw error instanceof CsvFault ? new Fault({ line: error.at.row, kind: "quote" }) : error;
  }
}
