// @ts-check
// Two executions side by side, and the differences of their results.

/** @import { Execution, ResultSource, StoredBody, View, ViewContext } from "../types.js" */

import { get, pathOf } from "../api.js";
import { h, newId } from "../dom.js";
import { comparisonHeader } from "../results/comparison_header.js";
import { comparisonView } from "../results/comparison_view.js";
import { resultLoader } from "../results/result_loader.js";
import { go } from "../router.js";
import { say } from "../words.js";

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ query: { left, right }, signal }) {
  const intro = h("p", { class: "quiet" }, say("compare.intro"));
  const form = idsForm(left, right);
  if (!left || !right) return { title: say("compare"), body: [intro, form] };
  /** @type {(id: string) => Promise<Execution>} */
  const read = (id) => get(pathOf(["executions", id.trim()]), { signal });
  const [before, after] = await Promise.all([read(left), read(right)]);
  return {
    title: say("compare"),
    body: [form, comparisonHeader(before, after), h("h2", {}, say("compare.results")), results(before, after, signal)],
  };
}

/**
 * @param {Execution} left
 * @param {Execution} right
 * @param {AbortSignal} signal
 */
function results(left, right, signal) {
  if (!left.output || !right.output) return h("p", { class: "quiet" }, say("compare.no-results"));
  if (left.output.sha256 === right.output.sha256) return h("p", {}, say("compare.same-bytes"));
  const sources = [source("left", left.id, left.output), source("right", right.id, right.output)];
  return resultLoader({ results: sources, show: comparisonView, signal });
}

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
    go(["compare"], { left: before.input.value.trim(), right: after.input.value.trim() });
  };
  const swap = () => go(["compare"], { left: after.input.value.trim(), right: before.input.value.trim() });
  const buttons = [
    h("button", { class: "primary" }, say("compare.do")),
    h("button", { type: "button", click: swap }, say("compare.swap")),
  ];
  return h("form", { class: "row ids", submit }, before.element, after.element, h("div", { class: "row" }, buttons));
}

/**
 * @param {string} words
 * @param {string} value
 */
function idField(words, value) {
  const id = newId("execution");
  const input = h("input", { id, value, required: true, spellcheck: "false", autocomplete: "off", size: "38" });
  return { input, element: h("div", { class: "field" }, h("label", { for: id }, words), input) };
}
