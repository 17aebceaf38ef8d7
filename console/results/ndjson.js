// @ts-check
// A value as NDJSON: a line for each element of an array, or a single line.

/** @import { Json } from "../types.js" */

import { jsonText } from "./kinds.js";

const PIECE_CHARACTERS = 1 << 18;

/**
 * The lines, in pieces of some elements.
 * @param {Json} value
 */
export function* ndjsonPieces(value) {
  let piece = "";
  for (const element of Array.isArray(value) ? value : [value]) {
    piece += `${textOf(element)}\n`;
    if (piece.length > PIECE_CHARACTERS) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

/**
 * The JSON of a value. JSON.stringify is the fastest, but fails for deep values.
 * @param {Json} value
 */
function textOf(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return jsonText(value);
  }
}
