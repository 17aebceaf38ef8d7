// @ts-check
// A replayed execution that now fails, now succeeds, or fails in another way.

/** @import { ShownDifference, ErrorKind, MaybeJson, State } from "../types.js" */

import { h } from "../dom.js";
import { member } from "../results/kinds.js";
import { visible } from "../results/visible.js";
import { called, say } from "../words.js";

/** @param {ShownDifference} line */
export const outcomeDifference = ({ before, after }) =>
  h(
    "dl",
    { class: "outcome-difference" },
    h("dt", {}, say("compare.left")),
    h("dd", {}, h("del", {}, outcomeText(before.value))),
    h("dt", {}, say("compare.right")),
    h("dd", {}, h("ins", {}, outcomeText(after.value))),
  );

/**
 * The state of an execution, and its error with kind and message.
 * @param {MaybeJson} outcome
 */
function outcomeText(outcome) {
  const state = /** @type {State} */ (String(of(outcome, "state")));
  const error = of(outcome, "error");
  const kind = /** @type {ErrorKind | undefined} */ (of(error, "kind"));
  const message = of(error, "message");
  return [
    called("status", state),
    kind && ` · ${called("error", kind)}`,
    typeof message === "string" && [": ", visible(message)],
  ];
}

/**
 * @param {MaybeJson} value
 * @param {string} name
 */
const of = (value, name) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? member(value, name) : undefined;
