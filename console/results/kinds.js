// @ts-check
// The kinds of values and their JSON text.
//
// Results are written by JSON.stringify, so the JavaScript text of a number is that in the result. An absent member is
// `undefined` here, which no JSON value is.

/** @import { Json, Kind, MaybeJson } from "../types.js" */

/** @typedef {Json[] | { [name: string]: Json }} Container */

/**
 * A container that is being written: its next member, and the keys of an object.
 * @typedef {{ value: Container, keys: string[] | null, size: number, at: number }} OpenContainer
 */

import { beginning } from "./texts.js";

export const ABSENT = undefined;

/**
 * @param {MaybeJson} value
 * @returns {Kind}
 */
export function kindOf(value) {
  if (value === ABSENT) return "absent";
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "object";
}

/**
 * @param {MaybeJson} value
 * @returns {value is Container}
 */
export const isNested = (value) => typeof value === "object" && value !== null;

/**
 * A member of an array or object, but never one that it inherits.
 * @param {Container} container
 * @param {string | number} key
 * @returns {MaybeJson}
 */
export const member = (container, key) =>
  Object.hasOwn(container, key) ? /** @type {Record<string | number, Json>} */ (container)[key] : ABSENT;

/** @param {number} number */
const numberText = (number) => (Object.is(number, -0) ? "-0" : String(number));

/**
 * The JSON text of a value, or at least its first `limit` characters. It has no limit of depth, unlike JSON.stringify,
 * which fails at some thousands of levels.
 * @param {Json} value
 * @param {number} [limit]
 */
export function jsonText(value, limit = Infinity) {
  /** @type {OpenContainer[]} */
  const open = [];
  let text = startText(value, open, limit);
  for (let inside = open.at(-1); inside && text.length <= limit; inside = open.at(-1)) {
    if (inside.at === inside.size) {
      open.pop();
      text += inside.keys ? "}" : "]";
    } else text += (inside.at > 0 ? "," : "") + memberText(inside, open, limit);
  }
  return text;
}

/**
 * The text of the next member of an open container.
 * @param {OpenContainer} inside
 * @param {OpenContainer[]} open
 * @param {number} limit
 */
function memberText(inside, open, limit) {
  const { key, value } = nextMember(inside);
  return (inside.keys ? `${JSON.stringify(key)}:` : "") + startText(value, open, limit);
}

/**
 * The next member of an open container.
 * @param {OpenContainer} inside
 */
export function nextMember(inside) {
  const key = inside.keys ? inside.keys[inside.at] : inside.at;
  inside.at += 1;
  return { key, value: /** @type {Record<string | number, Json>} */ (inside.value)[key] };
}

/**
 * The text of a scalar, or the opening bracket of a container, which is then open.
 * @param {Json} value
 * @param {OpenContainer[]} open
 * @param {number} limit
 */
function startText(value, open, limit) {
  if (!isNested(value)) return scalarText(value, limit);
  const container = opened(value);
  open.push(container);
  return container.keys ? "{" : "[";
}

/**
 * A container before its first member.
 * @param {Container} value
 * @returns {OpenContainer}
 */
export function opened(value) {
  if (Array.isArray(value)) return { value, keys: null, size: value.length, at: 0 };
  const keys = Object.keys(value);
  return { value, keys, size: keys.length, at: 0 };
}

/**
 * The JSON text of a scalar; of a long text, its beginning.
 * @param {MaybeJson} value
 * @param {number} [limit]
 */
export function scalarText(value, limit = Infinity) {
  if (typeof value === "string") return JSON.stringify(beginning(value, limit));
  return typeof value === "number" ? numberText(value) : String(value);
}

/**
 * Tests if two numbers differ by no more than a tolerance, as decimal numbers: 0.3 and 0.29 by 0.01, though the difference
 * of their binary values is larger. Without a tolerance, -0 is another number than 0, as in their texts.
 * @param {number} left
 * @param {number} right
 * @param {number} tolerance
 */
const isNear = (left, right, tolerance) =>
  Object.is(left, right) ||
  (tolerance > 0 && Math.abs(left - right) <= tolerance + Number.EPSILON * Math.max(Math.abs(left), Math.abs(right)));

/**
 * Tests if two values are the same JSON, but for numbers that differ by no more than a tolerance. The order of members
 * does not matter.
 * @param {MaybeJson} left
 * @param {MaybeJson} right
 * @param {number} [tolerance]
 */
export function isSame(left, right, tolerance = 0) {
  if (Object.is(left, right)) return true;
  /** @type {[MaybeJson, MaybeJson][]} */
  const pairs = [[left, right]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [before, after] = pair;
    if (Object.is(before, after)) continue;
    if (typeof before === "number" && typeof after === "number" && isNear(before, after, tolerance)) continue;
    if (kindOf(before) !== kindOf(after) || !isNested(before) || !isNested(after)) return false;
    const keys = Object.keys(before);
    if (keys.length !== Object.keys(after).length) return false;
    for (const key of keys) pairs.push([member(before, key), member(after, key)]);
  }
  return true;
}
