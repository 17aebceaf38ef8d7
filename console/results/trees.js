// @ts-check
// The differences of two values that are not tables of rows, by their paths.

/** @import { Json, MaybeJson, Path } from "../types.js" */

import { CHANGED, EQUAL, LEFT_ONLY, RIGHT_ONLY } from "./differences.js";
import { isNested, isSame, kindOf, member } from "./kinds.js";

/** The maximum number of places that are kept for display; all are counted. */
const MOST_PLACES = 100_000;

/**
 * A value of both sides, and the pair that contains it. The root has neither `above` nor `key`.
 * @typedef {object} ValuePair
 * @property {MaybeJson} left
 * @property {MaybeJson} right
 * @property {ValuePair | null} above
 * @property {string | null} key
 */

/** @typedef {ValuePair & { state: number }} Place */

/** @typedef {{ counts: number[], places: Place[], different: Place[] }} TreeDifferences */

/**
 * The places of both values, in the order of the left. A place is a value without members, a value that only one side
 * has, or a pair of values of different kinds.
 * @param {MaybeJson} left
 * @param {MaybeJson} right
 * @param {number} [tolerance]
 */
export function treeDifferences(left, right, tolerance) {
  /** @type {TreeDifferences} */
  const found = { counts: [0, 0, 0, 0], places: [], different: [] };
  /** @type {ValuePair[]} */
  const open = [{ left, right, above: null, key: null }];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const { left: before, right: after } = pair;
    if (isNested(before) && isNested(after) && areBothOpened(before, after)) {
      for (const key of keysOf(before, after).reverse())
        open.push({ left: member(before, key), right: member(after, key), above: pair, key });
    } else note(found, { ...pair, state: stateOf(pair, tolerance) });
  }
  return found;
}

/** @typedef {Json[] | { [name: string]: Json }} Container */

/**
 * @param {Container} left
 * @param {Container} right
 */
const areBothOpened = (left, right) =>
  kindOf(left) === kindOf(right) && (Object.keys(left).length > 0 || Object.keys(right).length > 0);

/**
 * @param {Container} left
 * @param {Container} right
 */
const keysOf = (left, right) => [...new Set([...Object.keys(left), ...Object.keys(right)])];

/**
 * @param {TreeDifferences} found
 * @param {Place} place
 */
function note({ counts, places, different }, place) {
  counts[place.state] += 1;
  if (places.length < MOST_PLACES) places.push(place);
  if (place.state !== EQUAL && different.length < MOST_PLACES) different.push(place);
}

/**
 * @param {ValuePair} pair
 * @param {number} [tolerance]
 */
function stateOf({ left, right }, tolerance) {
  if (left === undefined) return RIGHT_ONLY;
  if (right === undefined) return LEFT_ONLY;
  return isSame(left, right, tolerance) ? EQUAL : CHANGED;
}

/**
 * The keys from the root to a place.
 * @param {ValuePair} place
 * @returns {Path}
 */
export function pathOf(place) {
  const path = [];
  for (let at = place; at.above && at.key !== null; at = at.above) path.push(at.key);
  return path.reverse();
}

/**
 * A path as a JSON Pointer (RFC 6901).
 * @param {Path} path
 */
export const pointerOf = (path) =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
