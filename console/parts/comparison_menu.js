// @ts-check
// The choice of an execution to compare another one with. Its lists are loaded when it is opened.

/** @import { Content, ExecutionSummary } from "../types.js" */

import { get, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { comparisonHref, shortId, versionName } from "../execution_names.js";
import { clock, size } from "../formats.js";
import { go } from "../router.js";
import { say } from "../words.js";
import { comparisonChoices, hasSameDataset } from "./comparison_choices.js";
import { withErrorDisplay } from "./error_display.js";
import { field } from "./field.js";
import { closeOnEscape } from "./menu.js";
import { scrolling } from "./paged_table.js";
import { statusBadge } from "./status.js";

/** The API has no filter by dataset, so the same dataset is looked for among the script's last executions. */
const MAX_EXAMINED = 200;

/**
 * @param {ExecutionSummary} execution
 * @param {AbortSignal} signal
 */
export function comparisonMenu(execution, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const body = h("div");
  const open = async () => {
    if (!details.open || body.hasChildNodes()) return;
    fill(body, h("p", { class: "quiet", role: "status" }, say("loading")));
    await attempt(async () => fill(body, await choices(execution, signal)));
    if (errorArea.hasChildNodes()) fill(body); // to be loaded when it is opened again
  };
  /** @type {HTMLDetailsElement} */
  const details = h(
    "details",
    { class: "menu", toggle: open, keydown: closeOnEscape },
    h("summary", { class: "button" }, say("execution.compare")),
    h("div", { class: "panel" }, body, errorArea),
  );
  return details;
}

/**
 * @param {ExecutionSummary} execution
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
async function choices(execution, signal) {
  const { previous, versions, latest } = comparisonChoices(execution, await others(execution, signal));
  return [
    h("p", {}, previous ? link(execution, previous, say("menu.previous")) : quiet(say("menu.no-previous"))),
    versions.length > 0
      ? h(
          "details",
          {},
          h("summary", {}, say("menu.same-dataset", { n: versions.length })),
          versions.map((one) => h("p", {}, link(execution, one, versionName(one.script)))),
        )
      : h("p", {}, quiet(say("menu.same-dataset", { n: 0 }))),
    h("details", {}, h("summary", {}, say("menu.choose")), latestTable(execution, latest), idForm(execution.id)),
  ];
}

/**
 * The script's last executions and, for an older one than those, some before it.
 * @param {ExecutionSummary} execution
 * @param {AbortSignal} signal
 */
async function others({ id, script, submitted_at }, signal) {
  /** @type {(query: import("../types.js").Query) => Promise<{ items: ExecutionSummary[] }>} */
  const list = (query) => get(pathOf(["executions"], { script: script.id, ...query }), { signal });
  const { items } = await list({ limit: MAX_EXAMINED });
  if (items.length < MAX_EXAMINED || items.some((one) => one.id < id)) return items;
  const before = await list({ limit: MAX_EXAMINED, submitted_to: submitted_at, status: "succeeded" });
  return [...items, ...before.items];
}

/**
 * @param {ExecutionSummary} execution
 * @param {ExecutionSummary} other
 * @param {string} words
 */
const link = (execution, other, words) => [
  h("a", { href: comparisonHref(execution, other) }, words),
  " ",
  quiet(`v${other.script.version} · ${clock(other.submitted_at)} · ${shortId(other.id)}`),
];

/** @param {string} words */
const quiet = (words) => h("span", { class: "quiet" }, words);

/**
 * @param {ExecutionSummary} execution
 * @param {ExecutionSummary[]} latest
 */
function latestTable(execution, latest) {
  if (latest.length === 0) return h("p", { class: "quiet" }, say("menu.none"));
  const heads = [say("execution.submitted"), say("script.version"), say("status"), say("run.dataset")];
  return scrolling(
    h(
      "table",
      {},
      h("caption", { class: "visually-hidden" }, say("menu.choose")),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((words) => h("th", { scope: "col" }, words)),
        ),
      ),
      h(
        "tbody",
        {},
        latest.map((other) => row(execution, other)),
      ),
    ),
    say("menu.choose"),
  );
}

/**
 * @param {ExecutionSummary} execution
 * @param {ExecutionSummary} other
 */
const row = (execution, other) =>
  h(
    "tr",
    {},
    h("td", {}, h("a", { href: comparisonHref(execution, other), title: other.id }, clock(other.submitted_at))),
    h("td", {}, `v${other.script.version}`),
    h("td", {}, statusBadge(other.status, other.error)),
    h("td", {}, size(other.input.size_bytes), hasSameDataset(execution, other) && [" ", mark()]),
  );

const mark = () => h("span", { class: "badge good" }, say("menu.same"));

/**
 * A field for the id of any other execution.
 * @param {string} id
 */
function idForm(id) {
  const { element, input } = field(say("menu.id"), { required: true, spellcheck: "false", autocomplete: "off" });
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    go(["compare"], { left: input.value.trim(), right: id });
  };
  return h("form", { class: "row ids", submit }, element, h("button", {}, say("compare.do")));
}
