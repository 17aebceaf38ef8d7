// @ts-check
// Two executions side by side, and the differences of their results.

/** @import { Execution, ExecutionWarning, ResultSource, StoredBody, View, ViewContext } from "../types.js" */

import { get, pathOf } from "../api.js";
import { h } from "../dom.js";
import { field } from "../parts/field.js";
import { warningNoteOf } from "../parts/warnings.js";
import { comparedSources } from "../results/compared_sources.js";
import { toleranceOf } from "../results/comparison_columns.js";
import { comparisonHeader } from "../results/comparison_header.js";
import { comparisonView } from "../results/comparison_view.js";
import { resultLoader } from "../results/result_loader.js";
import { go, place, remember } from "../router.js";
import { say } from "../words.js";

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ query: { left, right, tolerance }, signal }) {
  const intro = h("p", { class: "quiet" }, say("compare.intro"));
  const form = idsForm(left, right);
  if (!left || !right) return { title: say("compare"), body: [intro, form] };
  /** @type {(id: string) => Promise<Execution>} */
  const read = (id) => get(pathOf(["executions", id.trim()]), { signal });
  const [before, after] = await Promise.all([read(left), read(right)]);
  return {
    title: say("compare"),
    body: [
      form,
      comparisonHeader(before, after),
      comparedSources(before, after, signal),
      h("h2", {}, say("compare.results")),
      precisionNotes(before, after),
      results(before, after, toleranceOf(tolerance), signal),
    ],
  };
}

/**
 * @param {Execution} left
 * @param {Execution} right
 * @param {number} tolerance
 * @param {AbortSignal} signal
 */
function results(left, right, tolerance, signal) {
  if (!left.output || !right.output) return h("p", { class: "quiet" }, say("compare.no-results"));
  if (left.output.sha256 === right.output.sha256) return h("p", { role: "status" }, say("compare.same-bytes"));
  const sources = [source("left", left.id, left.output), source("right", right.id, right.output)];
  /** @param {number} chosen */
  const onTolerance = (chosen) => remember({ tolerance: chosen || undefined });
  /** @type {Parameters<typeof resultLoader>[0]["show"]} */
  const show = (store) => comparisonView(store, { tolerance, onTolerance });
  return resultLoader({ results: sources, show, signal });
}

/**
 * The warnings of both executions about rounded numbers: a comparison of results cannot see what rounding took away.
 * @param {Execution} before
 * @param {Execution} after
 */
function precisionNotes(before, after) {
  /**
   * @param {string} side
   * @param {ExecutionWarning[]} warnings
   */
  const notes = (side, warnings) =>
    warnings.filter(({ kind }) => PRECISION_KINDS.includes(kind)).map((warning) => warningNoteOf(side, warning));
  const found = [...notes(say("compare.left"), before.warnings), ...notes(say("compare.right"), after.warnings)];
  return found.length > 0 && [h("p", {}, say("compare.precision")), found];
}

/** @type {ExecutionWarning["kind"][]} */
const PRECISION_KINDS = ["integer-precision", "decimal-precision", "non-finite-number"];

/**
 * @param {string} result
 * @param {string} id
 * @param {StoredBody} output
 * @returns {ResultSource}
 */
const source = (result, id, output) => ({
  result,
  href: pathOf(["executions", id, "result"]),
  sizeBytes: output.size_bytes,
});

/** The choice of the two executions. */
function idsForm(left = "", right = "") {
  const [before, after] = [idField(say("compare.left"), left), idField(say("compare.right"), right)];
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    compare(before, after);
  };
  const swap = () => compare(after, before);
  const buttons = [
    h("button", { class: "primary" }, say("compare.do")),
    h("button", { type: "button", click: swap }, say("compare.swap")),
  ];
  return h("form", { class: "row ids", submit }, before.element, after.element, h("div", { class: "row" }, buttons));
}

/**
 * Go to a comparison, with the tolerance, key and choice of rows of the present one.
 * @param {{ input: HTMLInputElement }} before
 * @param {{ input: HTMLInputElement }} after
 */
function compare(before, after) {
  const { tolerance, key, rows } = place(location.hash).query;
  go(["compare"], { left: before.input.value.trim(), right: after.input.value.trim(), tolerance, key, rows });
}

/**
 * @param {string} label
 * @param {string} value
 */
const idField = (label, value) =>
  field(label, { value, required: true, spellcheck: "false", autocomplete: "off", size: "38" });
