// @ts-check
// An execution: its progress until it has finished, then its outcome.

/** @import { Execution, ViewContext } from "../types.js" */

import { call, get, pathOf } from "../api.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { EXAMPLE_NAME } from "../example.js";
import { shortId, versionName } from "../execution_names.js";
import { executionHeader } from "../executions/header.js";
import { moreMenu } from "../executions/more_menu.js";
import { outcomeTabs } from "../executions/outcome_tabs.js";
import { clock } from "../formats.js";
import { comparisonMenu } from "../parts/comparison_menu.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { follow } from "../parts/follow.js";
import { removalNote } from "../parts/removal.js";
import { runAgainMenu } from "../parts/run_again.js";
import { runErrorNote } from "../parts/run_error.js";
import { hasFinished } from "../parts/status.js";
import { warningNote } from "../parts/warnings.js";
import { pollExecution } from "../poll.js";
import { go, href, remember } from "../router.js";
import { say } from "../words.js";

/** What the address asks for after the end of a run. */
const COMPARE = "compare";

/** @param {ViewContext<"id">} context */
export async function view({ id, query, signal }) {
  const path = pathOf(["executions", id]);
  /** @type {Execution} */
  const first = await get(path, { signal });
  const { script } = first;
  const [header, tabs] = [executionHeader(first, signal), outcomeTabs(signal)];
  const [notice, ending, findings] = [h("div"), h("div"), h("div")];
  const [comparison, more] = [h("div", { class: "contents" }), h("div", { class: "contents" })];
  const { errorArea, attempt } = withErrorDisplay();
  /** @param {Execution} execution */
  const show = (execution) => {
    header.show(execution);
    fill(notice);
    const original = execution.output && execution.input_of;
    fill(comparison, original && comparisonWith(original, id));
    if (hasFinished(execution)) {
      fill(ending);
      fill(
        findings,
        execution.content_removed_at && removalNote(id, execution.content_removed_at, signal),
        execution.error && runErrorNote(execution.error),
        execution.warnings.map(warningNote),
      );
      fill(more, moreMenu(execution));
      if (query.next === COMPARE && !signal.aborted) {
        remember({ next: undefined }); // or Back would lead here only to go on
        if (original) go(["compare"], { left: original, right: id });
      }
    }
    tabs.show(execution);
  };
  fill(ending, cancelButton(path, show)); // once, so that it keeps the focus while the status changes
  show(first);
  if (!hasFinished(first)) attempt(() => follow(pollExecution(path, signal), show, notice));
  const actions = h(
    "div",
    { class: "row" },
    comparison,
    runAgainMenu(first, signal),
    comparisonMenu(first, signal),
    more,
  );
  const words = `${versionName(script)} · ${clock(first.submitted_at)}`;
  const title = say("execution.title", { name: `${words} · ${shortId(id)}` });
  const heading = [visuallyHidden(say("execution")), " ", words];
  const note = query.example && exampleNote(script.name);
  return {
    title,
    heading,
    body: [header.element, actions, note, notice, errorArea, ending, findings, tabs.element],
  };
}

/**
 * @param {string} original
 * @param {string} id
 */
const comparisonWith = (original, id) =>
  h("a", { class: "button primary", href: href(["compare"], { left: original, right: id }) }, say("again.compare"));

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
