// @ts-check
// The texts of the values inside JSON, as they are written. `JSON.parse` would round long numbers.

const BLANK = /\s/;

/**
 * The members of an object, or the elements of an array, with their texts. Those that a cut text has only a part of are
 * left out, and so is everything else that the text may hold.
 * @param {string} text
 * @returns {Generator<{ name?: string, text: string }>}
 */
export function* partsOf(text) {
  let [depth, start, end] = [0, -1, -1];
  /** @type {string | undefined} */
  let name;
  const first = text.search(/\S/);
  const isObject = text[first] === "{";
  if (!isObject && text[first] !== "[") return;
  for (let at = first + 1; at < text.length; at += 1) {
    const sign = text[at];
    if (BLANK.test(sign)) continue;
    const isEnd = depth === 0 && sign === (isObject ? "}" : "]");
    if (depth === 0 && (isEnd || sign === "," || (isObject && sign === ":"))) {
      if (sign === ":") name = JSON.parse(text.slice(start, end));
      else if (start >= 0) yield { name, text: text.slice(start, end) };
      if (isEnd) return;
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (sign === '"') at = endOfString(text, at);
    else if (sign === "[" || sign === "{") depth += 1;
    else if (sign === "]" || sign === "}") depth -= 1;
    end = at + 1;
  }
}

/**
 * The index of the quote that ends a string; that of the last character if the text is cut before it.
 * @param {string} text
 * @param {number} start
 */
function endOfString(text, start) {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

/**
 * The texts of an object's members by their names.
 * @param {string} object
 */
export const membersOf = (object) => new Map(Array.from(partsOf(object), ({ name = "", text }) => [name, text]));

/**
 * The text of an object's member, if it has that member.
 * @param {string} object
 * @param {string} name
 */
export const memberText = (object, name) => membersOf(object).get(name);
