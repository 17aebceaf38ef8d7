// @ts-check
// Runs the stored dataset of an execution again, on any version, without sending it.

/** @import { Content, Execution, ExecutionSummary, Script } from "../types.js" */

import { call, get, pathOf, Refused } from "../api.js";
import { fill, h } from "../dom.js";
import { comparisonHref, shortId, versionName } from "../execution_names.js";
import { clock } from "../formats.js";
import { newIdempotencyKey } from "../idempotency_key.js";
import { go, href } from "../router.js";
import { say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";
import { closeOnEscape } from "./menu.js";
import { statusBadge } from "./status.js";
import { submit } from "./submission.js";
import { versionChoice } from "./version_choice.js";

const REFERENCE = "application/vnd.bateia.reference+json";
const MAX_RUNS = 10;

/**
 * A menu; its content is loaded when it is opened.
 * @param {Execution} execution
 * @param {AbortSignal} signal
 */
export function runAgainMenu(execution, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const body = h("div");
  const open = () => details.open && !body.hasChildNodes() && attempt(load);
  /** @type {HTMLDetailsElement} */
  const details = h(
    "details",
    { class: "menu", "data-needs": "executions:write", toggle: open, keydown: closeOnEscape },
    h("summary", { class: "button" }, say("execution.another")),
    h("div", { class: "panel" }, body, errorArea),
  );
  return details;

  async function load() {
    fill(body, h("p", { class: "quiet", role: "status" }, say("loading")));
    try {
      fill(body, await choices(execution, runner(execution.id, attempt), signal));
    } catch (error) {
      fill(body); // to be loaded when it is opened again
      throw error;
    }
  }
}

/** @typedef {(words: string, path: () => (string | number)[], next?: "compare") => HTMLElement} RunButton */

/**
 * A function that makes buttons which submit the stored dataset and show the new execution, and then its comparison if that
 * is wanted. A request without a response is sent again under its key.
 * @param {string} id
 * @param {import("../types.js").Attempt} attempt
 * @returns {RunButton}
 */
function runner(id, attempt) {
  return (words, path, next) => {
    /** @type {string | undefined} */
    let key;
    const run = async () => {
      key ??= newIdempotencyKey();
      const headers = { "Content-Type": REFERENCE, "Idempotency-Key": key };
      try {
        const body = JSON.stringify({ input_of: id });
        /** @type {{ id: string }} */
        const started = await call("POST", pathOf([...path(), "executions"]), { body, headers });
        go(["executions", started.id], { next });
      } catch (error) {
        if (error instanceof Refused && error.problem.status) key = undefined;
        throw error;
      }
    };
    /** @type {HTMLButtonElement} */
    const button = h("button", { type: "button", click: () => attempt(() => submit(button, run)) }, words);
    return button;
  };
}

/**
 * @param {Execution} execution
 * @param {RunButton} runButton
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
async function choices(execution, runButton, signal) {
  const { id, script: ran, content_removed_at: removed } = execution;
  const query = { input_of: id, limit: MAX_RUNS };
  /** @type {[Script & { aliases?: Record<string, number> }, { items: ExecutionSummary[] }]} */
  const [script, { items: runs }] = await Promise.all([
    get(pathOf(["scripts", ran.id]), { signal }),
    get(pathOf(["executions"], query), { signal }),
  ]);
  if (removed)
    return [
      h("p", {}, say("again.removed")),
      h("p", {}, h("a", { href: href(["scripts", script.name, "run"]) }, say("again.other-dataset"))),
      runsOf(execution, runs),
    ];
  const versionPath = (/** @type {string | number} */ version) => ["scripts", ran.id, "versions", version];
  const chosen = versionChoice(say("script.version"), script.latest_version, { selected: String(ran.version) });
  chosen.element.className = "row";
  const latest = script.latest_version;
  /** @param {number} number */
  const latestButton = (number) =>
    execution.output
      ? runButton(say("again.latest-compare", { number }), () => versionPath(number), "compare")
      : runButton(say("again.latest", { number }), () => versionPath(number));
  return [
    h(
      "p",
      {},
      runButton(say("again.same", { number: ran.version }), () => versionPath(ran.version)),
    ),
    latest !== ran.version && h("p", {}, latestButton(latest)),
    Object.entries(script.aliases ?? {}).map(([alias, number]) =>
      h(
        "p",
        {},
        runButton(say("again.alias", { alias, number }), () => versionPath(alias)),
      ),
    ),
    h(
      "div",
      { class: "row" },
      chosen.element,
      runButton(say("script.run"), () => versionPath(chosen.input.value)),
    ),
    h("p", {}, link(["scripts", script.name, "run"], execution, say("again.edit"))),
    h("p", {}, link(["scripts", script.name, "new"], execution, say("again.try"))),
    runsOf(execution, runs),
  ];
}

/**
 * @param {string[]} parts
 * @param {Execution} execution
 * @param {string} words
 */
const link = (parts, { id, script: { version } }, words) =>
  h("a", { href: href(parts, { version, input_of: id }) }, words);

/**
 * The executions that were submitted over the dataset of this one.
 * @param {Execution} execution
 * @param {ExecutionSummary[]} runs
 */
const runsOf = (execution, runs) =>
  runs.length > 0 && [
    h("p", {}, h("strong", {}, say("again.runs"))),
    runs.map((run) =>
      h(
        "p",
        { class: "row" },
        h(
          "a",
          { href: href(["executions", run.id]), title: run.id },
          `${versionName(run.script)} · ${shortId(run.id)}`,
        ),
        statusBadge(run.status, run.error),
        h("span", { class: "quiet" }, clock(run.submitted_at)),
        run.output && h("a", { href: comparisonHref(execution, run) }, say("compare.do")),
      ),
    ),
  ];
