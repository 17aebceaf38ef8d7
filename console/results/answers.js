// What can be asked about results that were opened. Each is kept under a name that the asker chose.

import { cellOf } from "./cells.js";
import { defaultDrawing, describedColumns } from "./columns.js";
import { comparison } from "./comparison.js";
import { canBeCsv, csvPieces } from "./csv.js";
import { lineStarts, linesOf } from "./lines.js";
import { ndjsonPieces } from "./ndjson.js";
import { comparing, orderOf } from "./order.js";
import { pointsOf } from "./points.js";
import { readResult } from "./reading.js";
import { rowsWith } from "./search.js";
import { partsOf, tableOf, valueAt } from "./tables.js";
import { beginning } from "./texts.js";

const results = new Map();
let compareTexts = comparing("en");
let compared = null;

export const ANSWERS = {
  open,
  describe,
  page,
  lines,
  text,
  points,
  save,
  compare: ({ left, right, key }) => {
    compared = comparison(results.get(left).value, results.get(right).value, key);
    return compared.summary;
  },
  differences: ({ which, from, count, columns }) => compared.page(which, from, count, columns),
};

/** Fetch a result and keep it. */
async function open({ result, href, headers, locale }, tell) {
  compareTexts = comparing(locale);
  results.set(result, { ...(await readResult(href, headers, tell)), tables: new Map() });
  return {};
}

/** What kind of a table a result is, or one of its parts. */
function describe({ result, part }) {
  const { table, columns } = tableAt(result, part);
  return {
    kind: table.kind,
    count: table.count,
    columns: columns.map(({ name, ...column }) => ({
      ...column,
      name: name === undefined ? undefined : beginning(name, 200),
    })),
    hasAll: table.hasAll,
    canBeCsv: canBeCsv(table),
    drawing: defaultDrawing(table, columns),
    parts: partsOf(results.get(result).value),
  };
}

/** Rows of a table, with the cells of some of its columns. */
function page({ result, part, from, count, columns, sort, filter }) {
  const kept = tableAt(result, part);
  const rows = rowsOf(kept, sort, filter);
  const cellsOf = (row) => columns.map((column) => cellOf(kept.table.cell(row, column)));
  return {
    total: rows.length,
    rows: Array.from(rows.subarray(from, from + count), (row) => ({ row, cells: cellsOf(row) })),
  };
}

/** Lines of the JSON of a value in a result. */
function lines({ result, at, from, count }) {
  const kept = indexed(result, at);
  return { total: kept.index.total, lines: linesOf(kept.value, kept.index, from, count) };
}

/** A part of a text in a result that is too long to be shown at once. */
function text({ result, at, from, count }) {
  const whole = valueIn(result, at);
  return { total: whole.length, text: beginning(whole.slice(from, from + count + 1), count) };
}

/** What a chart draws. */
function points({ result, part, ...wanted }) {
  const drawn = pointsOf(tableAt(result, part).table, wanted, compareTexts);
  const named = (one) => ("name" in one ? { ...one, name: cellOf(one.name, 60) } : one);
  const labels = drawn.labels.map((label) => ({
    ...cellOf(label, 60),
    number: typeof label === "number" ? label : undefined,
  }));
  return { ...drawn, labels, series: drawn.series.map(named) };
}

/** A result as a Blob: "json" as it came, "ndjson", or the "csv" of a part. */
function save({ result, part, format, names }) {
  const { blob, value } = results.get(result);
  if (format === "json") return blob;
  if (format === "ndjson") return new Blob([...ndjsonPieces(value)], { type: "application/x-ndjson" });
  const pieces = csvPieces(tableAt(result, part).table, (column) => column.name ?? names[column.role]);
  return new Blob([...pieces], { type: "text/csv;charset=utf-8" });
}

function tableAt(result, part = []) {
  const { value, tables } = results.get(result);
  const name = JSON.stringify(part);
  if (!tables.has(name)) {
    const table = tableOf(valueAt(value, part));
    tables.set(name, { table, columns: describedColumns(table), order: {}, found: {} });
  }
  return tables.get(name);
}

/** The rows in their order that have the text. The last order and the last search are kept for the next page. */
function rowsOf(kept, sort, filter) {
  const order = remembered(kept.order, JSON.stringify(sort), () =>
    sort ? orderOf(kept.table, sort, compareTexts) : Uint32Array.from({ length: kept.table.count }, (_, row) => row),
  );
  if (!filter) return order;
  return remembered(kept.found, JSON.stringify([sort, filter]), () => rowsWith(kept.table, order, filter));
}

function remembered(last, name, make) {
  if (last.name !== name) Object.assign(last, { name, value: make() });
  return last.value;
}

/** The value at a place: `{part}` of the result, or its cell at `{row, column}`; of either, what is at `{path}`. */
function valueIn(result, { part = [], row, column, path = [] } = {}) {
  const inside =
    row === undefined ? valueAt(results.get(result).value, part) : tableAt(result, part).table.cell(row, column);
  return valueAt(inside, path);
}

const lastIndexed = {};

function indexed(result, at) {
  return remembered(lastIndexed, JSON.stringify([result, at]), () => {
    const value = valueIn(result, at);
    return { value, index: lineStarts(value) };
  });
}
