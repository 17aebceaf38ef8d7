// @ts-check
// Parts of texts.

/**
 * The first characters of a text, without half of a surrogate pair at the end.
 * @param {string} text
 * @param {number} limit
 */
export function beginning(text, limit) {
  if (text.length <= limit) return text;
  return text.slice(0, isHighSurrogate(text.charCodeAt(limit - 1)) ? limit - 1 : limit);
}

/** @param {number} code */
const isHighSurrogate = (code) => code >= 0xd800 && code <= 0xdbff;
