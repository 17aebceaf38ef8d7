// @ts-check
// An execution: its progress until it has finished, then its outcome.

/** @import { Execution, ViewContext } from "../types.js" */

import { call, get, pathOf } from "../api.js";
import { placeInBatch } from "../batches/links.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { EXAMPLE_NAME } from "../example.js";
import { shortId, versionName } from "../execution_names.js";
import { clock } from "../formats.js";
import { comparisonMenu } from "../parts/comparison_menu.js";
import { copyableId } from "../parts/copy.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { outcomeOf } from "../parts/outcome.js";
import { progressOf } from "../parts/progress.js";
import { runAgainMenu } from "../parts/run_again.js";
import { hasFinished, statusBadge } from "../parts/status.js";
import { pollExecution } from "../poll.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

/** @param {ViewContext<"id">} context */
export async function view({ id, query, signal }) {
  const path = pathOf(["executions", id]);
  /** @type {Execution} */
  const first = await get(path, { signal });
  const { script } = first;
  const status = h("span", { class: "row", role: "status" });
  const progress = h("div");
  const notice = h("div");
  const outcome = h("div");
  const [comparison, saving] = [h("span"), h("span")];
  const { errorArea, attempt } = withErrorDisplay();
  /** @param {Execution} execution */
  const show = (execution) => {
    fill(
      status,
      statusBadge(execution.status, execution.error),
      execution.error && execution.error.kind !== "cancelled" && called("error", execution.error.kind),
    );
    fill(progress, progressOf(execution));
    fill(notice);
    fill(comparison, execution.input_of && execution.output && comparisonWith(execution.input_of, id));
    fill(saving, execution.measures && !execution.content_removed_at && testLink(execution));
    if (hasFinished(execution)) fill(outcome, outcomeOf(execution, signal));
  };
  fill(outcome, cancelButton(path, show)); // once, so that it keeps the focus while the status changes
  show(first);
  if (!hasFinished(first)) attempt(() => follow(path, show, notice, signal));
  const version = { version: script.version };
  const facts = h(
    "div",
    { class: "row" },
    status,
    h("a", { href: href(["scripts", script.name], version) }, say("execution.of", script)),
    first.alias && h("span", { class: "quiet" }, say("execution.alias", { alias: first.alias })),
    copyableId(id),
    first.replay_of && originOf(say("execution.replay-of"), first.replay_of),
    first.batch && placeInBatch(first.batch),
    first.input_of && originOf(say("execution.input-of"), first.input_of),
  );
  const actions = h(
    "div",
    { class: "row" },
    comparison,
    runAgainMenu(first, signal),
    comparisonMenu(first, signal),
    saving,
  );
  const words = `${versionName(script)} · ${clock(first.submitted_at)}`;
  const title = say("execution.title", { name: `${words} · ${shortId(id)}` });
  const heading = [visuallyHidden(say("execution")), " ", words];
  const note = query.example && exampleNote(script.name);
  return { title, heading, body: [facts, actions, note, progress, notice, errorArea, outcome] };
}

/**
 * The execution that this one repeats, for readers who would take a replay for an execution of its own, or whose dataset
 * it has.
 * @param {string} words
 * @param {string} id
 */
const originOf = (words, id) =>
  h("span", {}, words, " ", h("a", { href: href(["executions", id]), title: id }, h("code", {}, shortId(id))));

/**
 * @param {string} original
 * @param {string} id
 */
const comparisonWith = (original, id) =>
  h("a", { class: "button primary", href: href(["compare"], { left: original, right: id }) }, say("again.compare"));

/** @param {Execution} execution */
const testLink = ({ id, script }) =>
  h(
    "a",
    {
      class: "button",
      "data-needs": "scripts:write",
      href: href(["scripts", script.name, "test"], { from_execution: id }),
    },
    say("test.save-as"),
  );

/**
 * A note on the example's data, and on its name if another script has the usual one.
 * @param {string} name
 */
const exampleNote = (name) =>
  h(
    "p",
    { class: "note" },
    say("example.made-up"),
    name !== EXAMPLE_NAME && ` ${say("example.renamed", { taken: EXAMPLE_NAME, name })}`,
  );

/**
 * Show each state of an execution until it has finished. While the service is unreachable, a notice says so.
 * @param {string} path
 * @param {(execution: Execution) => void} show
 * @param {HTMLElement} notice
 * @param {AbortSignal} signal
 */
async function follow(path, show, notice, signal) {
  for await (const { value, error } of pollExecution(path, signal)) {
    if (value) show(value);
    else fill(notice, h("p", { class: "note" }, say("execution.lost", { why: error.message })));
  }
}

/**
 * @param {string} path
 * @param {(execution: Execution) => void} show
 */
function cancelButton(path, show) {
  const { errorArea, attempt } = withErrorDisplay();
  const cancel = async () => show(await call("POST", `${path}/cancel`));
  const button = h(
    "button",
    { type: "button", "data-needs": "executions:write", click: () => attempt(cancel) },
    say("execution.cancel"),
  );
  return h("div", {}, h("p", {}, button), errorArea);
}
