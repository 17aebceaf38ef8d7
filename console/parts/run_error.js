// @ts-check
// The error of a run: its message, its position and its stack.

/** @import { RunError } from "../types.js" */

import { h } from "../dom.js";
import { called, say } from "../words.js";
import { withCode } from "./code.js";

/** The message of an error whose text was deleted with the data of its execution, as the API has it. */
export const REMOVED = "the message was removed with the content";

/** @param {string} message */
const messageWords = (message) => (message === REMOVED ? say("removed.message") : message);

/** @param {RunError} error */
export const runErrorNote = (error) =>
  h(
    "div",
    { class: error.kind === "cancelled" ? "note" : "refusal" },
    h("p", {}, h("strong", {}, error.kind === "cancelled" ? called("error", error.kind) : messageWords(error.message))),
    error.line && h("p", {}, say("at", { line: error.line, column: error.column ?? "?" })),
    error.hint && h("p", {}, withCode(error.hint)),
    error.position_is_exact === false && h("p", { class: "quiet" }, say("error.place")),
    error.stack && h("pre", {}, error.stack),
  );

/**
 * The kind of a failure and its message in a line, which opens to the whole.
 * @param {RunError} error
 */
export function failureLine({ kind, message }) {
  const words = messageWords(message);
  const summary = [h("span", { class: "quiet" }, called("error", kind)), " ", h("bdi", {}, words)];
  return h("details", { class: "failure" }, h("summary", { title: words }, summary));
}
