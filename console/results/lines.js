// The JSON of a value with a member a line, any part of it without writing the rest.

import { isNested, opened, scalarText } from "./kinds.js";

/** A line is no longer than this; the whole of a text is to be had by its path. */
const LINE_CHARACTERS = 2_000;

/** How many lines a value has: one, and if it has members, theirs and one for the bracket at its end. */
export function lineCount(value) {
  const open = [value];
  let lines = 0;
  while (open.length > 0) {
    const one = open.pop();
    lines += 1;
    if (!hasMembers(one)) continue;
    lines += 1;
    for (const key of Object.keys(one)) open.push(one[key]);
  }
  return lines;
}

const hasMembers = (value) => isNested(value) && (Array.isArray(value) ? value.length : Object.keys(value).length) > 0;

/** Where each of the members of a value begins, by the number of its line, and at last how many lines there are. */
export function lineStarts(value) {
  if (!hasMembers(value)) return { starts: [1], total: 1 };
  const keys = Object.keys(value);
  const starts = new Float64Array(keys.length + 1);
  starts[0] = 1;
  keys.forEach((key, at) => (starts[at + 1] = starts[at] + lineCount(value[key])));
  return { starts, total: starts[keys.length] + 1 };
}

/**
 * Lines of a value from a number on (0 is the first): `{depth, text}` each, with the `path` of a text that was cut.
 * `index` is the value's `lineStarts`.
 */
export function linesOf(value, index, from, count) {
  const until = Math.min(index.total, from + count);
  const lines = [];
  const { inside, at } = beginningAt(index, from);
  let number = at;
  for (const line of walked(value, inside)) {
    if (number >= from) lines.push(line());
    number += 1;
    if (number >= until) break;
  }
  return lines;
}

/** The member that the line is in, so that none before it is walked through. */
function beginningAt({ starts, total }, from) {
  if (from === 0 || total === 1) return { inside: null, at: 0 };
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= from) low = middle;
    else high = middle - 1;
  }
  return { inside: low, at: starts[low] };
}

/** The lines from the beginning, or from a member on, as functions that make them: most are only counted. */
function* walked(value, from) {
  if (!hasMembers(value)) return void (yield () => scalarLine("", value, "", 0, []));
  const open = [opened(value)];
  if (from === null) yield () => ({ depth: 0, text: open[0].keys ? "{" : "[" });
  else open[0].at = from;
  while (open.length > 0) {
    const inside = open.at(-1);
    if (inside.at === inside.size) {
      open.pop();
      yield () => ({ depth: open.length, text: (inside.keys ? "}" : "]") + comma(open.at(-1)) });
    } else yield entered(open, inside);
  }
}

/** One more member: its line, or its first line if it has members, which come next. */
function entered(open, inside) {
  const key = inside.keys ? inside.keys[inside.at] : inside.at;
  const found = inside.value[key];
  inside.at += 1;
  const depth = open.length;
  const [name, end] = [inside.keys ? `${JSON.stringify(key)}: ` : "", comma(inside)];
  if (!hasMembers(found)) {
    const path = () => open.slice(0, depth).map(({ keys, at }) => (keys ? keys[at - 1] : at - 1));
    return () => scalarLine(name, found, end, depth, path());
  }
  open.push(opened(found));
  return () => ({ depth, text: name + (Array.isArray(found) ? "[" : "{") });
}

const comma = (inside) => (inside && inside.at < inside.size ? "," : "");

function scalarLine(name, value, end, depth, path) {
  const text = isNested(value) ? (Array.isArray(value) ? "[]" : "{}") : scalarText(value, LINE_CHARACTERS);
  const isCut = typeof value === "string" && value.length > LINE_CHARACTERS;
  return isCut ? { depth, text: name + text.slice(0, -1), path, end: `"${end}` } : { depth, text: name + text + end };
}
