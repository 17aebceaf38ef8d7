// Two executions side by side, and where their results differ.

import { get, pathOf } from "../api.js";
import { h, newId } from "../dom.js";
import { comparedHeads } from "../results/compared_heads.js";
import { comparisonView } from "../results/comparison_view.js";
import { opening } from "../results/opening.js";
import { go } from "../router.js";
import { say } from "../words.js";

export async function view({ query: { left, right }, signal }) {
  const intro = h("p", { class: "quiet" }, say("compare.intro"));
  const form = idsForm(left, right);
  if (!left || !right) return { title: say("compare"), body: [intro, form] };
  const sides = await Promise.all([left, right].map((id) => get(pathOf(["executions", id.trim()]), { signal })));
  return {
    title: say("compare"),
    body: [form, comparedHeads(...sides), h("h2", {}, say("compare.results")), results(sides, signal)],
  };
}

function results(sides, signal) {
  if (sides.some(({ output }) => !output)) return h("p", { class: "quiet" }, say("compare.no-results"));
  const [left, right] = sides;
  if (left.output.sha256 === right.output.sha256) return h("p", {}, say("compare.same-bytes"));
  const named = (result, { id, output }) => ({
    result,
    href: pathOf(["executions", id, "result"]),
    sizeBytes: output.size_bytes,
  });
  return opening({ results: [named("left", left), named("right", right)], show: comparisonView, signal });
}

/** Which two are compared. */
function idsForm(left = "", right = "") {
  const field = (words, value) => {
    const id = newId("execution");
    const input = h("input", { id, value, required: true, spellcheck: "false", autocomplete: "off", size: "38" });
    return { input, element: h("div", { class: "field" }, h("label", { for: id }, words), input) };
  };
  const [one, other] = [field(say("compare.left"), left), field(say("compare.right"), right)];
  const submit = (event) => {
    event.preventDefault();
    go(["compare"], { left: one.input.value.trim(), right: other.input.value.trim() });
  };
  const swap = () => go(["compare"], { left: other.input.value.trim(), right: one.input.value.trim() });
  const buttons = [
    h("button", { class: "primary" }, say("compare.do")),
    h("button", { type: "button", click: swap }, say("compare.swap")),
  ];
  return h("form", { class: "row ids", submit }, one.element, other.element, h("div", { class: "row" }, buttons));
}
