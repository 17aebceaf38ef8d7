// Where two values that are no tables of rows differ: by their paths.

import { CHANGED, EQUAL, LEFT_ONLY, RIGHT_ONLY } from "./differences.js";
import { isNested, isSame, kindOf, member } from "./kinds.js";

/** So many places are kept to be shown; all are counted. */
export const MOST_PLACES = 100_000;

/**
 * The places of both values, in the order of the left: `{state, left, right}` each, and what `pathOf` needs. A place
 * is a value without members, or whatever only one side has, or two values of different kinds.
 */
export function treeDifferences(left, right) {
  const found = { counts: [0, 0, 0, 0], places: [], different: [] };
  const open = [{ left, right, above: null, key: null }];
  while (open.length > 0) {
    const pair = open.pop();
    if (bothHaveMembers(pair)) for (const key of keysOf(pair).reverse()) open.push(below(pair, key));
    else note(found, { ...pair, state: stateOf(pair) });
  }
  return found;
}

const bothHaveMembers = ({ left, right }) =>
  isNested(left) && kindOf(left) === kindOf(right) && (Object.keys(left).length > 0 || Object.keys(right).length > 0);

const keysOf = ({ left, right }) => [...new Set([...Object.keys(left), ...Object.keys(right)])];

const below = (above, key) => ({ left: member(above.left, key), right: member(above.right, key), above, key });

function note({ counts, places, different }, place) {
  counts[place.state] += 1;
  if (places.length < MOST_PLACES) places.push(place);
  if (place.state !== EQUAL && different.length < MOST_PLACES) different.push(place);
}

function stateOf({ left, right }) {
  if (left === undefined) return RIGHT_ONLY;
  if (right === undefined) return LEFT_ONLY;
  return isSame(left, right) ? EQUAL : CHANGED;
}

/** The keys that lead to a place from the top. */
export function pathOf(place) {
  const path = [];
  for (let at = place; at.above; at = at.above) path.push(at.key);
  return path.reverse();
}

/** A path as a JSON Pointer (RFC 6901). */
export const pointerOf = (path) =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
