// @ts-check
// The lines of a batch, from a text in one of four forms: lines of a batch, datasets on lines, a JSON array, or CSV. It runs
// in the worker. Values are kept as they are written, because their numbers may have more digits than JavaScript's.

/**
 * @import { CsvFormat } from "../csv_format.js"
 * @import { LineFault, LineForm, LinePreview, SourceKind } from "./types.js"
 */

import { CsvFault, firstRows } from "../csv_reader.js";
import { columnNames, numericColumns, rowWriter } from "../csv_values.js";
import { isJson } from "../dataset.js";
import { membersOf, partsOf } from "../json_text.js";
import { beginning } from "../results/texts.js";

const MAX_PREVIEW = 3;
const MAX_PREVIEW_CHARACTERS = 200;
const MAX_FAULTS = 5;
const MAX_MEMBERS = 100;
const REFERENCE = /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,255}$/u;

/** A value of a source with its line in it, or its number where it has no lines. @typedef {{ line: number, text: string }} Item */

/** A message about a line of the source. */
class Fault extends Error {
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
 * The lines of a batch that a text stands for: their number, the first of them, and what is wrong with them. `body` is
 * absent if the text itself is to be sent. Without a form it is guessed by the first value.
 * @param {string} text
 * @param {{ csv?: CsvFormat, form?: LineForm, ref?: string }} [options] `ref` is the member that has the reference of a line.
 */
export function linesIn(text, { csv, form, ref } = {}) {
  const kind = csv ? "csv" : kindOf(text);
  /** @type {LineFault[]} */
  const faults = [];
  /** @type {LinePreview[]} */
  const preview = [];
  /** @type {string[]} */
  const lines = [];
  /** @type {string[] | undefined} */
  let members;
  let [count, faultCount] = [0, 0];
  const isConverted = () => kind !== "lines" || form === "datasets";
  /** @param {Item} item */
  const add = (item) => {
    count += 1;
    const value = parsed(item);
    form ??= kind !== "csv" && isLine(value) ? "lines" : "datasets";
    members ??= namesOf(value);
    const line = form === "lines" ? checkedLine(item, value) : wrapped(item, value, ref);
    if (isConverted()) lines.push(line);
    if (preview.length < MAX_PREVIEW) preview.push(previewOf(count, line));
  };
  /** @param {() => void} work */
  const noting = (work) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faultCount += 1;
      if (faults.length < MAX_FAULTS) faults.push(error.fault);
    }
  };
  noting(() => {
    for (const item of itemsOf(text, kind, csv)) noting(() => add(item));
  });
  const body = isConverted() ? new Blob([lines.map((line) => `${line}\n`).join("")]) : undefined;
  return { kind, form: form ?? "lines", count, members: members ?? [], preview, faults, faultCount, body };
}

/**
 * The values of a source.
 * @param {string} text
 * @param {SourceKind} kind
 * @param {CsvFormat} [csv]
 * @returns {Iterable<Item>}
 */
function itemsOf(text, kind, csv) {
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
  const [excerpt] = text.slice(start, start + MAX_PREVIEW_CHARACTERS).split("\n", 1);
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

/** @param {Item} item */
function parsed({ line, text }) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault({ line, kind: "json", excerpt: beginning(text, MAX_PREVIEW_CHARACTERS) });
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} value */
const isLine = (value) =>
  isObject(value) && "data" in value && Object.keys(value).every((name) => name === "data" || name === "ref");

/** @param {unknown} value */
const namesOf = (value) => (isObject(value) ? Object.keys(value).slice(0, MAX_MEMBERS) : []);

/**
 * A line of a batch as it is, if it is a valid one.
 * @param {Item} item
 * @param {unknown} value
 */
function checkedLine({ line, text }, value) {
  const excerpt = beginning(text, MAX_PREVIEW_CHARACTERS);
  if (!isObject(value)) throw new Fault({ line, kind: "object", excerpt });
  const other = Object.keys(value).find((name) => name !== "data" && name !== "ref");
  if (other !== undefined) throw new Fault({ line, kind: "member", name: beginning(other, 40), excerpt });
  if (!Object.hasOwn(value, "data")) throw new Fault({ line, kind: "data", excerpt });
  if (Object.hasOwn(value, "ref") && !(typeof value.ref === "string" && REFERENCE.test(value.ref)))
    throw new Fault({ line, kind: "ref", excerpt });
  return text;
}

/**
 * A dataset as a line of a batch, with the reference that a member of it has. Numbers become texts; a dataset without the
 * member has no reference.
 * @param {Item} item
 * @param {unknown} value
 * @param {string} [ref]
 */
function wrapped({ line, text }, value, ref) {
  const found = ref !== undefined && isObject(value) && Object.hasOwn(value, ref) ? value[ref] : null;
  if (ref === undefined || found === null) return `{"data":${text}}`;
  const written = membersOf(text).get(ref) ?? "";
  const reference = typeof found === "number" ? written : found;
  if (typeof reference !== "string" || !REFERENCE.test(reference))
    throw new Fault({ line, kind: "ref", excerpt: beginning(text, MAX_PREVIEW_CHARACTERS) });
  return `{"ref":${JSON.stringify(reference)},"data":${text}}`;
}

/**
 * @param {number} line The number of the line in the batch.
 * @param {string} text
 * @returns {LinePreview}
 */
function previewOf(line, text) {
  const members = membersOf(text);
  const [ref, data = ""] = [members.get("ref"), members.get("data")];
  return { line, ref: ref && JSON.parse(ref), data: beginning(data, MAX_PREVIEW_CHARACTERS) };
}
