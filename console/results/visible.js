// @ts-check
// Untrusted text, with its invisible characters written out.

import { h } from "../dom.js";

/** Controls, direction marks, separators and lone surrogates; not the joiners, which scripts and emoji need. */
const INVISIBLE = /((?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}])/u;

/** @type {Partial<Record<string, string>>} */
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text as an element that isolates its direction.
 * @param {string} text
 */
export function visible(text) {
  const parts = text.split(INVISIBLE);
  return h(
    "bdi",
    { class: "text" },
    parts.map((part, at) => (at % 2 ? h("span", { class: "unseeable" }, escaped(part)) : part)),
  );
}

/**
 * The JSON escape of an invisible character.
 * @param {string} character
 */
export const escaped = (character) =>
  SHORT[character] ?? [...Array(character.length).keys()].map((at) => unit(character.charCodeAt(at))).join("");

/** @param {number} code */
const unit = (code) => `\\u${code.toString(16).padStart(4, "0")}`;
