// What kinds of values there are, and how they are written.
//
// A result was written by JSON.stringify, so a number's JavaScript text is the text that stands in the result.
// A member that is absent is `undefined` here; JSON has no such value, so nothing else can be it.

import { beginning } from "./texts.js";

export const ABSENT = undefined;

/** "absent", "null", "boolean", "number", "text", "array" or "object". */
export function kindOf(value) {
  if (value === ABSENT) return "absent";
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "string" ? "text" : typeof value;
}

export const isNested = (value) => typeof value === "object" && value !== null;

/** A member of an object of a JSON text: never one that all objects inherit. */
export const member = (object, key) => (Object.hasOwn(object, key) ? object[key] : ABSENT);

export const numberText = (number) => (Object.is(number, -0) ? "-0" : String(number));

/**
 * The JSON text of a value, or at least its first `limit` characters if it is longer. It goes as deep as the value
 * does: JSON.stringify gives up at some thousands of levels.
 */
export function jsonText(value, limit = Infinity) {
  const open = [];
  let text = begun(value, open, limit);
  while (open.length > 0 && text.length <= limit) {
    const inside = open.at(-1);
    if (inside.at === inside.size) text += open.pop().keys ? "}" : "]";
    else text += (inside.at > 0 ? "," : "") + stepped(inside, open, limit);
  }
  return text;
}

/** The text of the next member of a container that is open. */
function stepped(inside, open, limit) {
  const key = inside.keys ? inside.keys[inside.at] : inside.at;
  inside.at += 1;
  return (inside.keys ? `${JSON.stringify(key)}:` : "") + begun(inside.value[key], open, limit);
}

/** The text of a scalar, or the bracket of a container, which is then open. */
function begun(value, open, limit) {
  if (!isNested(value)) return scalarText(value, limit);
  open.push(opened(value));
  return open.at(-1).keys ? "{" : "[";
}

/** A container, before its first member. */
export function opened(value) {
  const keys = Array.isArray(value) ? null : Object.keys(value);
  return { value, keys, size: (keys ?? value).length, at: 0 };
}

/** The JSON text of a value without members, of a long text its beginning. */
export function scalarText(value, limit = Infinity) {
  if (typeof value === "string") return JSON.stringify(beginning(value, limit));
  return typeof value === "number" ? numberText(value) : String(value);
}

/** Whether two values are the same JSON, whatever the order of their members. */
export function isSame(left, right) {
  if (Object.is(left, right)) return true;
  const pairs = [[left, right]];
  while (pairs.length > 0) {
    const [one, other] = pairs.pop();
    if (Object.is(one, other)) continue;
    if (kindOf(one) !== kindOf(other) || !isNested(one)) return false;
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    for (const key of keys) pairs.push([one[key], member(other, key)]);
  }
  return true;
}
