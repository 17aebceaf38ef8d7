// @ts-check
// A job: its progress while it runs, its partitions, and its output.

/** @import { Job, View, ViewContext } from "../types.js" */

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { versionName } from "../execution_names.js";
import { clock, zonedTimestamp } from "../formats.js";
import { cancellation, contentRemoval, receiptOf, retrial } from "../jobs/actions.js";
import { factsOf } from "../jobs/facts.js";
import { failureOf } from "../jobs/failure.js";
import { outputOf } from "../jobs/output.js";
import { partitionsOf } from "../jobs/partitions.js";
import { jobPath, PARTS } from "../jobs/paths.js";
import { jobProgress } from "../jobs/progress.js";
import { hasEnded, jobBadge, partitionCounts } from "../jobs/status.js";
import { copyableId } from "../parts/copy.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { follow } from "../parts/follow.js";
import { poll } from "../poll.js";
import { href } from "../router.js";
import { say } from "../words.js";

const LONGEST_WAIT_SECONDS = 2;

/**
 * @param {ViewContext<"job">} context
 * @returns {Promise<View>}
 */
export async function view({ job: id, signal }) {
  /** @type {Job} */
  const first = await get(jobPath(id), { signal });
  const { script } = first;
  const status = h("span");
  const [counts, facts, notice, actions, outcome, again, data] = Array.from({ length: 7 }, () => h("div"));
  const progress = jobProgress();
  const partitions = partitionsOf(first, signal);
  const { errorArea, attempt } = withErrorDisplay();
  let isShownEnded = false;
  /** @param {Job} job */
  const show = (job) => {
    if (isShownEnded) return; // a response from before the end can come after it
    fill(status, jobBadge(job));
    progress.show(job);
    fill(notice);
    fill(counts, partitionCounts(job));
    fill(facts, factsOf(job));
    if (hasEnded(job)) end(job);
  };
  /** @param {Job} job */
  const end = (job) => {
    isShownEnded = true;
    fill(actions);
    fill(outcome, job.status === "succeeded" ? [receiptOf(job), outputOf(job, signal)] : failureOf(job));
    fill(again, job.links.retry && retrial(job));
    fill(data, removal(job));
    if (job.partitions.failed > 0) partitions.showFailed();
  };
  if (!hasEnded(first)) fill(actions, cancellation(first, show)); // once, so that it keeps the focus
  show(first);
  if (!hasEnded(first)) attempt(() => follow(poll(jobPath(id), hasEnded, signal, LONGEST_WAIT_SECONDS), show, notice));
  const head = h(
    "div",
    { class: "row" },
    status,
    h("a", { href: href(["scripts", script.name], { version: script.version }) }, versionName(script)),
    first.alias && h("span", { class: "quiet" }, say("execution.alias", { alias: first.alias })),
    h("a", { href: href(PARTS, { script: script.name }) }, say("jobs.of", { name: script.name })),
    copyableId(id),
  );
  const title = say("job.title", { name: script.name, number: script.version, at: clock(first.submitted_at) });
  const list = [h("h2", {}, say("job.partitions")), counts, again, partitions.element];
  return { title, body: [head, progress.element, notice, errorArea, facts, actions, outcome, list, data] };
}

/** @param {Job} job */
function removal(job) {
  const { content_removed_at: removed } = job;
  if (removed) return h("p", { class: "note" }, say("job.removed", { at: zonedTimestamp(removed) }));
  return job.error && contentRemoval(job);
}
