// @ts-check
// The header of an execution's page: its status, what it took of its limits, where it comes from, and its place in the
// queue while it waits.

/** @import { Content, Execution } from "../types.js" */

import { placeInBatch } from "../batches/links.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { duration, size } from "../formats.js";
import { copyableId } from "../parts/copy.js";
import { isActive, statusBadge } from "../parts/status.js";
import { relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { called, say } from "../words.js";
import { queueText } from "./queue.js";
import { submitter } from "./submitter.js";
import { ticking } from "./ticking.js";

/**
 * The header, and a function that shows a later state of the execution in it.
 * @param {Execution} first
 * @param {AbortSignal} signal
 */
export function executionHeader(first, signal) {
  const status = h("span", { class: "row", role: "status" });
  const [progress, facts] = [h("div"), h("ul", { class: "facts" })];
  let replaced = new AbortController();
  signal.addEventListener("abort", () => replaced.abort());
  /** @param {Execution} execution */
  const show = (execution) => {
    replaced.abort();
    replaced = new AbortController();
    const { error } = execution;
    fill(
      status,
      statusBadge(execution.status, error),
      error && error.kind !== "cancelled" && called("error", error.kind),
    );
    fill(facts, factsOf(execution, replaced.signal));
    fill(progress, isActive(execution) && h("progress", { "aria-label": say(`execution.now.${execution.status}`) }));
  };
  show(first);
  const element = h(
    "div",
    { class: "execution-head" },
    h("div", { class: "row" }, status, facts),
    progress,
    h("div", { class: "row" }, originOf(first, signal)),
  );
  return { element, show };
}

/**
 * @param {Execution} execution
 * @param {AbortSignal} signal
 * @returns {Content}
 */
function factsOf({ status, started_at: started, measures, limits, queue, attempt }, signal) {
  const repeated = attempt > 1 && h("li", {}, say("execution.attempt", { n: attempt }));
  if (status === "pending") return [queue && h("li", {}, queueText(queue)), repeated];
  if (status === "running" && started) {
    // The clocks of two machines differ, but none goes back.
    const elapsed = () => duration(Math.max(0, Math.floor((Date.now() - Date.parse(started)) / 1_000)) * 1_000);
    const text = () => say("execution.of-limit", { value: elapsed(), limit: duration(limits.wall_ms) });
    return [h("li", {}, say("execution.elapsed"), " ", h("strong", {}, ticking(text, signal))), repeated];
  }
  return [measures && measuredFacts(measures, limits), repeated];
}

/**
 * @param {NonNullable<Execution["measures"]>} measures
 * @param {Execution["limits"]} limits
 */
const measuredFacts = ({ wall_ms: wall, peak_memory_bytes: memory, queued_ms: queued }, limits) => [
  limitFact(say("measures.wall"), duration(wall), duration(limits.wall_ms)),
  limitFact(say("measures.memory"), size(memory), size(limits.memory_bytes)),
  h("li", {}, say("execution.waited", { time: duration(queued) })),
];

/**
 * @param {string} words
 * @param {string} value
 * @param {string} limit
 */
const limitFact = (words, value, limit) =>
  h("li", { title: words }, say("execution.of-limit", { value, limit }), " ", h("span", {}, words.toLowerCase()));

/**
 * The version, the submission and the executions that this one belongs to.
 * @param {Execution} execution
 * @param {AbortSignal} signal
 * @returns {Content}
 */
function originOf(execution, signal) {
  const { id, script, alias, replay_of: replayed, batch, input_of: original, submitted_at: submitted } = execution;
  const version = { version: script.version };
  return [
    h("a", { href: href(["scripts", script.name], version) }, say("execution.of", script)),
    alias && h("span", { class: "quiet" }, say("execution.alias", { alias })),
    h("span", { class: "quiet" }, say("execution.submitted"), " ", relativeTime(submitted), submitter(id, signal)),
    copyableId(id),
    replayed && linkTo(say("execution.replay-of"), replayed),
    batch && placeInBatch(batch),
    original && linkTo(say("execution.input-of"), original),
  ];
}

/**
 * The execution that this one repeats, for readers who would take a replay for an execution of its own, or whose dataset
 * it has.
 * @param {string} words
 * @param {string} id
 */
const linkTo = (words, id) =>
  h("span", {}, words, " ", h("a", { href: href(["executions", id]), title: id }, h("code", {}, shortId(id))));
