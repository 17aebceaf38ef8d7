// @ts-check
// The JSON of a value with one member per line; any part of it is written without the rest.

/** @import { Container, OpenContainer } from "./kinds.js" */
/** @import { Line, LineIndex, MaybeJson, Path } from "../types.js" */

import { isNested, nextMember, opened, scalarText } from "./kinds.js";

/** The maximum length of a line; the whole of a longer text is available by its path. */
const LINE_CHARACTERS = 2_000;

/**
 * The number of lines of a value: one, and for a container with members, theirs and one for the closing bracket.
 * @param {MaybeJson} value
 */
function lineCount(value) {
  const open = [value];
  let lines = 0;
  while (open.length > 0) {
    const inside = open.pop();
    lines += 1;
    if (!hasMembers(inside)) continue;
    lines += 1;
    for (const each of Object.values(inside)) open.push(each);
  }
  return lines;
}

/**
 * @param {MaybeJson} value
 * @returns {value is Container}
 */
const hasMembers = (value) => isNested(value) && (Array.isArray(value) ? value.length : Object.keys(value).length) > 0;

/**
 * The line numbers at which the members of a value start, and the number of all lines.
 * @param {MaybeJson} value
 * @returns {LineIndex}
 */
export function lineStarts(value) {
  if (!hasMembers(value)) return { starts: [1], total: 1 };
  const members = Object.values(value);
  const starts = new Float64Array(members.length + 1);
  starts[0] = 1;
  members.forEach((each, at) => {
    starts[at + 1] = starts[at] + lineCount(each);
  });
  return { starts, total: starts[members.length] + 1 };
}

/**
 * Some lines of a value, from a line number on (0 is the first). `index` is the value's `lineStarts`.
 * @param {MaybeJson} value
 * @param {LineIndex} index
 * @param {number} from
 * @param {number} count
 */
export function linesOf(value, index, from, count) {
  const until = Math.min(index.total, from + count);
  const lines = [];
  const { inside, at } = memberAt(index, from);
  let number = at;
  for (const line of walk(value, inside)) {
    if (number >= from) lines.push(line());
    number += 1;
    if (number >= until) break;
  }
  return lines;
}

/**
 * The member that contains a line, so that the walk can start there.
 * @param {LineIndex} index
 * @param {number} from
 */
function memberAt({ starts, total }, from) {
  if (from === 0 || total === 1) return { inside: null, at: 0 };
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= from) low = middle;
    else high = middle - 1;
  }
  return { inside: low, at: starts[low] };
}

/**
 * The lines from the start or from a member on, as functions that make them: most are only counted.
 * @param {MaybeJson} value
 * @param {number | null} from
 * @returns {Generator<() => Line>}
 */
function* walk(value, from) {
  if (!hasMembers(value)) return void (yield () => scalarLine("", value, "", 0, []));
  const root = opened(value);
  const open = [root];
  if (from === null) yield () => ({ depth: 0, text: root.keys ? "{" : "[" });
  else root.at = from;
  for (let inside = open.at(-1); inside; inside = open.at(-1)) {
    if (inside.at === inside.size) {
      open.pop();
      yield closingLine(open, inside);
    } else yield nextLine(open, inside);
  }
}

/**
 * @param {OpenContainer[]} open
 * @param {OpenContainer} closed
 * @returns {() => Line}
 */
const closingLine = (open, closed) => () => ({
  depth: open.length,
  text: (closed.keys ? "}" : "]") + comma(open.at(-1)),
});

/**
 * The line of the next member, or its first line if it has members, which follow.
 * @param {OpenContainer[]} open
 * @param {OpenContainer} inside
 * @returns {() => Line}
 */
function nextLine(open, inside) {
  const { key, value: found } = nextMember(inside);
  const depth = open.length;
  const [name, end] = [inside.keys ? `${JSON.stringify(key)}: ` : "", comma(inside)];
  if (!hasMembers(found)) {
    const path = () => open.slice(0, depth).map(({ keys, at }) => (keys ? keys[at - 1] : at - 1));
    return () => scalarLine(name, found, end, depth, path());
  }
  open.push(opened(found));
  return () => ({ depth, text: name + (Array.isArray(found) ? "[" : "{") });
}

/** @param {OpenContainer | undefined} inside */
const comma = (inside) => (inside && inside.at < inside.size ? "," : "");

/**
 * @param {string} name
 * @param {MaybeJson} value
 * @param {string} end
 * @param {number} depth
 * @param {Path} path
 * @returns {Line}
 */
function scalarLine(name, value, end, depth, path) {
  const text = isNested(value) ? (Array.isArray(value) ? "[]" : "{}") : scalarText(value, LINE_CHARACTERS);
  const isCut = typeof value === "string" && value.length > LINE_CHARACTERS;
  return isCut ? { depth, text: name + text.slice(0, -1), path, end: `"${end}` } : { depth, text: name + text + end };
}
