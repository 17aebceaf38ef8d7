// A value as NDJSON: an element a line, or one line for what is no array.

import { jsonText } from "./kinds.js";

/** The lines, in pieces of some elements. */
export function* ndjsonPieces(value) {
  let piece = "";
  for (const one of Array.isArray(value) ? value : [value]) {
    piece += `${textOf(one)}\n`;
    if (piece.length > 1 << 18) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

/** As the engine wrote it, which is the fastest; it does not go as deep as a value may. */
function textOf(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return jsonText(value);
  }
}
