// @ts-check
// The queries that the worker answers about opened results. Each result is stored under a name that the page chose.

/**
 * @import { ChartData, ColumnProfile, Comparison, CompareTexts, CsvDialect, DescribedColumn, Json, LineIndex, Location, MaybeJson, PairFilter, Path,
 *   Sort, Table } from "../types.js"
 */

import { excerptOf, readResults, surveyLines } from "../batches/queries.js";
import { cellOf } from "./cells.js";
import { describedColumns, isAmount, proposedChart } from "./columns.js";
import { comparison } from "./comparison.js";
import { canBeCsv, csvPieces } from "./csv.js";
import { fetchResult } from "./fetch_result.js";
import { fetchFirstRows } from "./first_rows.js";
import { jsonText } from "./kinds.js";
import { lineStarts, linesOf } from "./lines.js";
import { ndjsonPieces } from "./ndjson.js";
import { comparing, orderOf } from "./order.js";
import { pointsOf } from "./points.js";
import { profileOf } from "./profile.js";
import { rowsWith } from "./search.js";
import { partsOf, tableOf, valueAt } from "./tables.js";
import { beginning } from "./texts.js";

const NAME_CHARACTERS = 200;
const LABEL_CHARACTERS = 60;

/**
 * A table of a result, with the last order and the last search of its rows, which the next page needs again.
 * @typedef {{ table: Table, columns: DescribedColumn[], profiles: Map<number, ColumnProfile>, order: Memo<Uint32Array>, matches: Memo<Uint32Array> }} OpenTable
 */

/**
 * @template T
 * @typedef {{ name?: string, value?: T }} Memo The last value that was computed, by its parameters.
 */

/** @typedef {{ blob: Blob, value: Json, lines?: Blob, tables: Map<string, OpenTable> }} OpenResult `lines`: as NDJSON. */

/** @type {Map<string, OpenResult>} */
const results = new Map();
/** @type {CompareTexts} */
let compareTexts = comparing("en");
/** @type {Comparison | null} */
let compared = null;

export const QUERIES = {
  open,
  openFirst,
  openLines,
  take,
  describe,
  page,
  profiles,
  lines,
  text,
  points,
  save,
  compare,
  differences,
  surveyLines,
  excerptOf,
};

/** @typedef {{ result: string, href: string, headers: Record<string, string>, locale: string }} OpenParameters */

/**
 * Fetch a result and store it.
 * @param {OpenParameters} parameters
 * @param {(bytes: number) => void} onProgress
 */
async function open({ result, href, headers, locale }, onProgress) {
  compareTexts = comparing(locale);
  results.set(result, { ...(await fetchResult(href, headers, onProgress)), tables: new Map() });
  return {};
}

/**
 * Fetch the first rows of a result and store them, at most `rows` within its first `bytes`. Returns their number.
 * @param {OpenParameters & { bytes: number, rows: number }} parameters
 */
async function openFirst({ result, href, headers, locale, ...most }) {
  compareTexts = comparing(locale);
  const value = await fetchFirstRows(href, headers, most);
  store(result, value);
  return { count: value.length };
}

/**
 * Fetch the results of a batch, all or the first ones within `most` bytes, and store their lines under one name and the
 * table of them under another. Returns the number of lines.
 * @param {{ lines: string, table: string, href: string, headers: Record<string, string>, locale: string, most?: number }} parameters
 * @param {(bytes: number) => void} onProgress
 */
async function openLines({ lines, table, locale, ...source }, onProgress) {
  compareTexts = comparing(locale);
  const read = await readResults(source, onProgress);
  lastIndexed.name = undefined; // those of the lines that these replace
  results.set(lines, { blob: read.array, lines: read.blob, value: asJson(read.lines), tables: new Map() });
  results.set(table, { blob: read.array, value: asJson(read.rows), tables: new Map() });
  return { count: read.lines.length, isWhole: read.isWhole };
}

/**
 * The type of values that were parsed from JSON.
 * @param {unknown} value
 */
const asJson = (value) => /** @type {Json} */ (value);

/**
 * Store a result that is a member of a JSON text.
 * @param {{ result: string, text: string, member: string, locale: string }} parameters
 */
function take({ result, text, member, locale }) {
  compareTexts = comparing(locale);
  store(result, JSON.parse(text)[member]);
  return {};
}

/**
 * @param {string} result
 * @param {Json} value
 */
function store(result, value) {
  lastIndexed.name = undefined; // those of the result that it replaces
  results.set(result, {
    value,
    tables: new Map(),
    get blob() {
      return new Blob([jsonText(value)], { type: "application/json" });
    },
  });
}

/**
 * Describe the table of a result or of one of its parts.
 * @param {{ result: string, part?: Path }} parameters
 */
function describe({ result, part }) {
  const { table, columns } = tableAt(result, part);
  const amounts = columns.map((column, at) => isAmount(table, column, at));
  return {
    kind: table.kind,
    count: table.count,
    columns: columns.map(({ name, ...column }, at) => ({
      ...column,
      name: name === undefined ? undefined : beginning(name, NAME_CHARACTERS),
      isAmount: amounts[at],
    })),
    hasAll: table.hasAll,
    canBeCsv: canBeCsv(table),
    chart: proposedChart(table, columns),
    parts: partsOf(resultOf(result).value),
  };
}

/**
 * @typedef {object} PageParameters
 * @property {string} result
 * @property {Path} [part]
 * @property {number} from
 * @property {number} count
 * @property {number[]} columns
 * @property {Sort | null} sort
 * @property {string} filter
 */

/**
 * Some rows of a table, with the cells of some of its columns.
 * @param {PageParameters} parameters
 */
function page({ result, part, from, count, columns, sort, filter }) {
  const open = tableAt(result, part);
  const rows = rowsOf(open, sort, filter);
  /** @param {number} row */
  const cellsOf = (row) => columns.map((column) => cellOf(open.table.cell(row, column)));
  return {
    total: rows.length,
    rows: Array.from(rows.subarray(from, from + count), (row) => ({ row, cells: cellsOf(row) })),
  };
}

/**
 * The profiles of some columns of a table.
 * @param {{ result: string, part?: Path, columns: number[] }} parameters
 */
function profiles({ result, part, columns }) {
  const open = tableAt(result, part);
  return columns.map((column) => {
    const profile = open.profiles.get(column) ?? profileOf(open.table, column, open.columns[column]);
    open.profiles.set(column, profile);
    return profile;
  });
}

/**
 * Some lines of the JSON of a value.
 * @param {{ result: string, at?: Location, from: number, count: number }} parameters
 */
function lines({ result, at, from, count }) {
  const { value, index } = indexed(result, at);
  return { total: index.total, lines: linesOf(value, index, from, count) };
}

/**
 * A part of a text that is too long to be shown at once.
 * @param {{ result: string, at?: Location, from: number, count: number }} parameters
 */
function text({ result, at, from, count }) {
  const whole = String(valueIn(result, at));
  return { total: whole.length, text: beginning(whole.slice(from, from + count + 1), count) };
}

/**
 * The points of a chart.
 * @param {ChartData & { result: string, part?: Path, limit: number }} parameters
 */
function points({ result, part, ...data }) {
  const computed = pointsOf(tableAt(result, part).table, data, compareTexts);
  const labels = computed.labels.map((label) => ({
    ...cellOf(label, LABEL_CHARACTERS),
    number: typeof label === "number" ? label : undefined,
  }));
  const series = computed.series.map((one) =>
    "name" in one ? { ...one, name: cellOf(one.name, LABEL_CHARACTERS) } : { ...one, name: undefined },
  );
  return { ...computed, labels, series };
}

/**
 * @typedef {object} SaveParameters
 * @property {string} result
 * @property {Path} [part]
 * @property {"json" | "ndjson" | "csv"} format
 * @property {Record<string, string>} names The names of columns that have none in the result, by their roles.
 * @property {CsvDialect} dialect
 */

/**
 * A result as a Blob: the original JSON, NDJSON, or the CSV of a part.
 * @param {SaveParameters} parameters
 */
function save({ result, part, format, names, dialect }) {
  const { blob, lines, value } = resultOf(result);
  if (format === "json") return blob;
  if (format === "ndjson") return lines ?? new Blob([...ndjsonPieces(value)], { type: "application/x-ndjson" });
  const pieces = csvPieces(tableAt(result, part).table, (column) => column.name ?? names[column.role], dialect);
  return new Blob([...pieces], { type: "text/csv;charset=utf-8" });
}

/**
 * Compare two results. Without a key, one is proposed.
 * @param {{ left: string, right: string, key?: number[], tolerance?: number }} parameters
 */
function compare({ left, right, key, tolerance }) {
  compared = comparison(resultOf(left).value, resultOf(right).value, key, tolerance);
  return compared.summary;
}

/**
 * Some pairs of the last comparison.
 * @param {{ which: PairFilter, from: number, count: number, columns: number[] }} parameters
 */
function differences({ which, from, count, columns }) {
  if (compared === null) throw new Error("no results were compared");
  return compared.page(which, from, count, columns);
}

/** @param {string} result */
function resultOf(result) {
  const open = results.get(result);
  if (open === undefined) throw new Error(`no result is open under the name ${result}`);
  return open;
}

/**
 * @param {string} result
 * @param {Path} [part]
 */
function tableAt(result, part = []) {
  const { value, tables } = resultOf(result);
  const name = JSON.stringify(part);
  let open = tables.get(name);
  if (open === undefined) {
    const table = tableOf(valueAt(value, part));
    open = { table, columns: describedColumns(table), profiles: new Map(), order: {}, matches: {} };
    tables.set(name, open);
  }
  return open;
}

/**
 * The rows that match a filter, in their order.
 * @param {OpenTable} open
 * @param {Sort | null} sort
 * @param {string} filter
 */
function rowsOf({ table, order, matches }, sort, filter) {
  const rows = memoized(order, JSON.stringify(sort), () =>
    sort ? orderOf(table, sort, compareTexts) : Uint32Array.from({ length: table.count }, (_, row) => row),
  );
  return filter ? memoized(matches, JSON.stringify([sort, filter]), () => rowsWith(table, rows, filter)) : rows;
}

/**
 * @template T
 * @param {Memo<T>} memo
 * @param {string} name
 * @param {() => T} compute
 */
function memoized(memo, name, compute) {
  if (memo.name === name && memo.value !== undefined) return memo.value;
  const value = compute();
  Object.assign(memo, { name, value });
  return value;
}

/**
 * The value at a location.
 * @param {string} result
 * @param {Location} [location]
 */
function valueIn(result, { part = [], row, column, path = [] } = {}) {
  const inside =
    row === undefined || column === undefined
      ? valueAt(resultOf(result).value, part)
      : tableAt(result, part).table.cell(row, column);
  return valueAt(inside, path);
}

/** @type {Memo<{ value: MaybeJson, index: LineIndex }>} */
const lastIndexed = {};

/**
 * @param {string} result
 * @param {Location} [at]
 */
function indexed(result, at) {
  return memoized(lastIndexed, JSON.stringify([result, at]), () => {
    const value = valueIn(result, at);
    return { value, index: lineStarts(value) };
  });
}
