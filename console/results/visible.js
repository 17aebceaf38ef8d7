// Text of scripts and datasets, with what cannot be seen made visible.

import { h } from "../dom.js";

/** Controls, marks of direction, separators and halves of pairs; but not the joiners, which letters and emoji need. */
const UNSEEN = /((?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}])/u;

const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text as an element that nothing inside can leave, not even by its direction. */
export function visible(text) {
  const parts = text.split(UNSEEN);
  return h(
    "bdi",
    { class: "text" },
    parts.map((part, at) => (at % 2 ? h("span", { class: "unseeable" }, escaped(part)) : part)),
  );
}

/** How JSON would write a character that is not seen. */
export const escaped = (character) =>
  SHORT[character] ?? [...Array(character.length).keys()].map((at) => unit(character.charCodeAt(at))).join("");

const unit = (code) => `\\u${code.toString(16).padStart(4, "0")}`;
