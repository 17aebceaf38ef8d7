// @ts-check
// The warnings of a source or of an execution.

/** @import { ExecutionWarning, SourceWarning } from "../types.js" */

import { h } from "../dom.js";
import { called, say } from "../words.js";

/** @param {ExecutionWarning | SourceWarning} warning */
export const warningNote = (warning) =>
  h("p", { class: "note" }, h("strong", {}, called("warning", warning.kind)), ` · ${warningText(warning)}`);

/** @param {ExecutionWarning | SourceWarning} warning */
function warningText(warning) {
  const { detail } = warning;
  if ("first_pointer" in warning) return warning.first_pointer ? `${detail} (${warning.first_pointer})` : detail;
  const text = warning.hint ? `${detail}. ${warning.hint}` : detail;
  return warning.line ? `${say("line", { line: warning.line })}: ${text}` : text;
}
