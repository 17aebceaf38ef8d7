// @ts-check
// The warnings of a source or of an execution.

/** @import { Content, ExecutionWarning, SourceWarning } from "../types.js" */

import { h } from "../dom.js";
import { called, say } from "../words.js";
import { withCode } from "./code.js";

/** @param {ExecutionWarning | SourceWarning} warning */
export const warningNote = (warning) => h("p", { class: "note" }, warningContent(warning));

/**
 * A warning of one of several executions.
 * @param {string} subject
 * @param {ExecutionWarning} warning
 */
export const warningNoteOf = (subject, warning) => h("p", { class: "note" }, `${subject}: `, warningContent(warning));

/**
 * @param {ExecutionWarning | SourceWarning} warning
 * @returns {Content}
 */
const warningContent = (warning) => [
  h("strong", {}, called("warning", warning.kind)),
  " · ",
  withCode(warningText(warning)),
];

/** @param {ExecutionWarning | SourceWarning} warning */
function warningText(warning) {
  const { detail } = warning;
  if ("first_pointer" in warning) return warning.first_pointer ? `${detail} (${warning.first_pointer})` : detail;
  const text = warning.hint ? `${detail}. ${warning.hint}` : detail;
  return warning.line ? `${say("line", { line: warning.line })}: ${text}` : text;
}
