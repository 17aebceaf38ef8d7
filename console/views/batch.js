// @ts-check
// A batch: its progress while it runs, its lines, and its results.

/** @import { Batch, Content, View, ViewContext } from "../types.js" */

import { get, pathOf } from "../api.js";
import { cancellation, contentRemoval } from "../batches/actions.js";
import { linesOf } from "../batches/lines.js";
import { batchProgress } from "../batches/progress.js";
import { resultsOf } from "../batches/results.js";
import { batchBadge, countsOf, hasFinished } from "../batches/status.js";
import { fill, h } from "../dom.js";
import { clock, count, duration, zonedTimestamp } from "../formats.js";
import { copyableId } from "../parts/copy.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { follow } from "../parts/follow.js";
import { datedAge, dateTime } from "../parts/time.js";
import { poll } from "../poll.js";
import { href } from "../router.js";
import { say } from "../words.js";

const LONGEST_WAIT_SECONDS = 2;

/**
 * @param {ViewContext<"batch">} context
 * @returns {Promise<View>}
 */
export async function view({ batch: id, signal }) {
  const path = pathOf(["batches", id]);
  /** @type {Batch} */
  const first = await get(path, { signal });
  const { script } = first;
  const [status, counts, facts, notice, actions, results] = ["span", "div", "div", "div", "div", "div"].map((name) =>
    h(/** @type {"div" | "span"} */ (name)),
  );
  const progress = batchProgress();
  const lines = linesOf(first, signal);
  const { errorArea, attempt } = withErrorDisplay();
  const soFar = new AbortController();
  signal.addEventListener("abort", () => soFar.abort());
  let isShownFinished = false;
  /** @param {Batch} batch */
  const show = (batch) => {
    if (isShownFinished) return; // a response from before the end can come after it
    fill(status, batchBadge(batch));
    progress.show(batch);
    fill(notice);
    fill(counts, countsOf(batch));
    fill(facts, factsOf(batch));
    if (hasFinished(batch)) finish(batch);
  };
  /** @param {Batch} batch */
  const finish = (batch) => {
    isShownFinished = true;
    fill(actions);
    soFar.abort();
    fill(results, resultsSection(batch, signal));
    if (!hasFinished(first)) lines.reload(batch);
  };
  if (!hasFinished(first)) {
    fill(actions, cancellation(first, show)); // once, so that it keeps the focus while the status changes
    fill(results, resultsSoFar(first, soFar.signal));
  }
  show(first);
  if (!hasFinished(first)) attempt(() => follow(poll(path, hasFinished, signal, LONGEST_WAIT_SECONDS), show, notice));
  const head = h(
    "div",
    { class: "row" },
    status,
    h("a", { href: href(["scripts", script.name], { version: script.version }) }, say("execution.of", script)),
    first.alias && h("span", { class: "quiet" }, say("execution.alias", { alias: first.alias })),
    h("a", { href: href(["batches"], { script: script.name }) }, say("batches.of", { name: script.name })),
    h("a", { href: href(["executions"], { batch: id }) }, say("batch.executions")),
    copyableId(id),
  );
  const title = say("batch.title", { name: script.name, number: script.version, at: clock(first.submitted_at) });
  const list = [h("h2", {}, say("batch.lines")), lines.element];
  return { title, body: [head, counts, progress.element, notice, errorArea, facts, actions, list, results] };
}

/** @param {Batch} batch */
function factsOf({ lines, submitted_at, submitted_by, finished_at, cancelled_at }) {
  const took = finished_at && duration(Date.parse(finished_at) - Date.parse(submitted_at));
  /** @type {[string, Content][]} */
  const facts = [
    [say("batch.lines"), count(lines)],
    [say("batch.submitted"), [datedAge(submitted_at), submitted_by && [" · ", h("bdi", {}, submitted_by)]]],
    [say("batch.cancelled"), cancelled_at && dateTime(cancelled_at)],
    [say("batch.finished"), finished_at && [dateTime(finished_at), took && ` · ${say("batch.took", { time: took })}`]],
  ];
  return h(
    "dl",
    {},
    facts.filter(([, content]) => content).map(([words, content]) => [h("dt", {}, words), h("dd", {}, content)]),
  );
}

/**
 * The results of a finished batch, unless they were deleted.
 * @param {Batch} batch
 * @param {AbortSignal} signal
 * @returns {Content}
 */
function resultsSection(batch, signal) {
  const { content_removed_at: removed } = batch;
  if (removed) return h("p", { class: "note" }, say("batch.removed", { at: zonedTimestamp(removed) }));
  return [h("h2", {}, say("batch.results")), resultsOf(batch, signal), contentRemoval(batch)];
}

/**
 * A button that shows the results of the lines that have ended.
 * @param {Batch} batch
 * @param {AbortSignal} signal
 */
function resultsSoFar(batch, signal) {
  const content = h("div");
  let shown = new AbortController();
  signal.addEventListener("abort", () => shown.abort());
  const show = () => {
    shown.abort();
    shown = new AbortController();
    fill(content, resultsOf(batch, shown.signal));
  };
  return [
    h("h2", {}, say("batch.results")),
    h("p", {}, h("button", { type: "button", click: show }, say("batch.results.so-far"))),
    content,
  ];
}
