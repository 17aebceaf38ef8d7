// A value as NDJSON: an element a line, or one line for what is no array.

import { jsonText } from "./kinds.js";

/** The lines, in pieces of some elements. */
export function* ndjsonPieces(value) {
  let piece = "";
  for (const one of Array.isArray(value) ? value : [value]) {
    piece += `${jsonText(one)}\n`;
    if (piece.length > 1 << 18) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}
