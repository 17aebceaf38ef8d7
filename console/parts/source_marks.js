// @ts-check
// The positions of a refused source's errors, to be marked in its editor.

/** @import { Mark } from "../types.js" */

import { Refused } from "../api.js";
import { errorText } from "./refusal.js";

/**
 * The errors of a refused source that have a line.
 * @param {unknown} error
 * @returns {Mark[]}
 */
export function marksOf(error) {
  const errors = error instanceof Refused ? (error.problem.errors ?? []) : [];
  return errors.filter(({ line }) => line).map((each) => ({ ...each, message: errorText(each), severity: "error" }));
}
