// @ts-check
// The positions of errors and warnings, to be marked in the editor of their source.

/** @import { Mark, Preview } from "../types.js" */

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

/**
 * The error and the warnings of a run that have a line.
 * @param {Preview} preview
 * @returns {Mark[]}
 */
export function runMarks({ error, source_warnings: warnings }) {
  const lines = warnings.filter(({ line }) => line);
  return [
    ...(error?.line ? [{ ...error, severity: /** @type {const} */ ("error") }] : []),
    ...lines.map((one) => ({
      ...one,
      position_is_exact: true, // the parser's own
      message: one.detail,
      severity: /** @type {const} */ ("warning"),
    })),
  ];
}
