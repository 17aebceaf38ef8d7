// In which order rows are shown: any two values have one, and rows whose values are equal stay as they were.

import { isNested, jsonText, kindOf } from "./kinds.js";

const KINDS = ["number", "text", "boolean", "nested", "null", "absent"];
const HAVE_NO_VALUE = ["null", "absent"];

/** How texts go in a language; texts that it takes for the same are told apart by their code units. */
export function comparing(locale) {
  const collator = new Intl.Collator(locale, { numeric: true });
  return (one, other) => collator.compare(one, other) || byCodeUnits(one, other);
}

const byCodeUnits = (one, other) => (one < other ? -1 : Number(one > other));

/**
 * The rows of a table by a column, as their numbers: numbers by size, then texts, booleans, and what has members by
 * its JSON. Those without a value are last in both directions.
 */
export function orderOf(table, { column, descending }, compareTexts) {
  const groups = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  for (let row = 0; row < table.count; row += 1) groups[groupOf(table.cell(row, column))].push(row);
  const valued = KINDS.filter((kind) => !HAVE_NO_VALUE.includes(kind));
  if (descending) valued.reverse();
  const sorted = valued.map((kind) => sortedGroup(table, column, groups[kind], kind, compareTexts, descending));
  return Uint32Array.from([...sorted, groups.null, groups.absent].flat());
}

const groupOf = (value) => (isNested(value) ? "nested" : kindOf(value));

function sortedGroup(table, column, rows, kind, compareTexts, descending) {
  const ranks = kind === "number" ? (row) => table.cell(row, column) : ranked(table, column, rows, compareTexts);
  const keys = new Float64Array(rows.length);
  rows.forEach((row, at) => (keys[at] = ranks(row)));
  const places = Uint32Array.from(rows, (_, at) => at);
  // Equal ones by where they were, in both directions.
  places.sort(
    descending
      ? (one, other) => keys[other] - keys[one] || one - other
      : (one, other) => keys[one] - keys[other] || one - other,
  );
  return Array.from(places, (at) => rows[at]);
}

/** Texts are compared once each and not in every row: a column has few different ones more often than not. */
function ranked(table, column, rows, compareTexts) {
  const textAt = (row) => sortText(table.cell(row, column));
  const different = [...new Set(rows.map(textAt))].sort(compareTexts);
  const places = new Map(different.map((text, at) => [text, at]));
  return (row) => places.get(textAt(row));
}

const sortText = (value) => (typeof value === "string" ? value : jsonText(value));

/** Compares two values as `orderOf` does, ascending. */
export function compareValues(one, other, compareTexts) {
  const [first, second] = [groupOf(one), groupOf(other)];
  if (first !== second) return KINDS.indexOf(first) - KINDS.indexOf(second);
  if (first === "number") return one - other;
  return HAVE_NO_VALUE.includes(first) ? 0 : compareTexts(sortText(one), sortText(other));
}
