// What stands in the columns of a table, and which of them to begin with when drawing or matching.

import { jsonText, kindOf } from "./kinds.js";

/** Different texts of a column are counted to this number. */
export const MOST_DISTINCT = 1_000;

/** A longer time than so many steps is drawn as a line. */
const MOST_BARS = 12;

/** Columns beyond these are not looked into. */
const MOST_LOOKED_INTO = 500;

/**
 * Each column with what is in it: `kinds` counts its values by kind, `distinct` its different texts and numbers (up to
 * `MOST_DISTINCT`), `isWhole` says whether its numbers are all whole.
 */
export function describedColumns(table) {
  return table.columns.map((column, at) => ({ ...column, ...(at < MOST_LOOKED_INTO ? inside(table, at) : unknown()) }));
}

const unknown = () => ({ kinds: {}, distinct: 0, isWhole: false });

function inside(table, column) {
  const kinds = {};
  const different = new Set();
  let isWhole = true;
  for (let row = 0; row < table.count; row += 1) {
    const value = table.cell(row, column);
    const kind = kindOf(value);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    if (kind === "number") isWhole = isWhole && Number.isInteger(value);
    if ((kind === "number" || kind === "text") && different.size < MOST_DISTINCT) different.add(value);
  }
  return { kinds, distinct: different.size, isWhole };
}

/** Whether what stands in a column is all numbers, where there is anything. */
export const isNumeric = ({ kinds }) => kinds.number > 0 && Object.keys(kinds).every((kind) => kind in BESIDE_NUMBERS);

const BESIDE_NUMBERS = { number: 1, null: 1, absent: 1 };

const hasTexts = ({ kinds }) => kinds.text > 0;

const TIME = /^(19|20)\d\d([-/TQ ]?\d{1,2}|-\d\d-\d\d.*)?$/;

/** Whether its texts look like days, months, quarters or years; a sample is enough. */
function isTimeLike(table, column) {
  const rows = Math.min(table.count, 20);
  for (let row = 0; row < rows; row += 1) {
    if (!TIME.test(String(table.cell(row, column)))) return false;
  }
  return rows > 0;
}

/**
 * What to draw before anything was chosen: the `kind` of chart, and as places of columns `x` (-1 is the row's number),
 * `y` (undefined if nothing can be drawn), and `by` (-1 is none). An amount is likelier wanted than a number of pieces,
 * so numbers that are not whole go first; time goes first along x.
 */
export function defaultDrawing(table, columns) {
  const places = columns.map((_, at) => at);
  const numeric = places.filter((at) => isNumeric(columns[at]));
  const named = places.filter((at) => hasTexts(columns[at]) && columns[at].distinct > 1);
  const times = places.filter((at) => columns[at].distinct > 1 && isTimeLike(table, at));
  const x = times[0] ?? named[0] ?? -1;
  const measures = numeric.filter((at) => at !== x);
  const y = measures.find((at) => !columns[at].isWhole) ?? measures[0];
  const isRepeated = x >= 0 && columns[x].distinct < table.count;
  const by = isRepeated ? named.find((at) => at !== x && columns[at].distinct <= 12) : undefined;
  return { x, y, by: by ?? -1, kind: x === times[0] && columns[x].distinct > MOST_BARS ? "line" : "bar" };
}

/**
 * Columns that together tell the rows of a table apart, as their places; none if no few of them do. Texts, and whole
 * numbers that are called something like an id; an amount tells rows apart by chance only.
 */
export function defaultKey(table, columns) {
  const places = columns.map((_, at) => at).slice(0, 200);
  const ids = places.filter((at) => isNumeric(columns[at]) && columns[at].isWhole && ID.test(columns[at].name ?? ""));
  const texts = places.filter((at) => hasTexts(columns[at]) || columns[at].role === "key").slice(0, 6);
  const candidates = [...[...ids, ...texts].map((at) => [at]), ...texts.slice(1).map((_, i) => texts.slice(0, i + 2))];
  return candidates.find((key) => tellsApart(table, key)) ?? [];
}

const ID = /^(id|key|code|codigo|código)$|_id$|Id$/;

function tellsApart(table, key) {
  const seen = new Set();
  for (let row = 0; row < table.count; row += 1) {
    const text = keyText(table, row, key);
    if (seen.has(text)) return false;
    seen.add(text);
  }
  return table.count > 0;
}

/** A row's key: the same text exactly for the same values. What is absent is nothing between the commas. */
export function keyText(table, row, key) {
  return key.map((column) => keyPart(table.cell(row, column))).join(",");
}

const keyPart = (value) => (value === undefined ? "" : jsonText(value));
