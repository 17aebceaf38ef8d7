// @ts-check
// A table of jobs, newest first.

/** @import { Content, Job, Query } from "../types.js" */

import { pathOf } from "../api.js";
import { h } from "../dom.js";
import { versionName } from "../execution_names.js";
import { count, size } from "../formats.js";
import { offerNewer } from "../parts/newer.js";
import { amount, pagedTable, secondary } from "../parts/paged_table.js";
import { relativeTime } from "../parts/time.js";
import { href, reload } from "../router.js";
import { called, say } from "../words.js";
import { PARTS } from "./paths.js";
import { hasEnded, jobBadge } from "./status.js";

/**
 * @param {Query} query
 * @param {Content} empty
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
export async function jobList(query, empty, signal) {
  /** @type {string | undefined} */
  let newest;
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(PARTS, { ...query, cursor }),
    heads: [
      say("job.submitted"),
      say("script.name"),
      say("status"),
      say("job.input"),
      secondary(amount(say("job.partitions"))),
      secondary(say("job.by")),
    ],
    /** @param {Job} job */
    cells: (job) => {
      newest ??= job.id;
      return cells(job);
    },
    caption: say("jobs"),
    empty,
    signal,
  });
  const pathOfNewest = (/** @type {number} */ limit) => pathOf(PARTS, { ...query, limit });
  return [offerNewer({ pathOf: pathOfNewest, newest, show: reload, of: "jobs.newer", signal }), table];
}

/**
 * @param {Job} job
 * @returns {Content[]}
 */
const cells = (job) => [
  h("a", { href: href([...PARTS, job.id]) }, relativeTime(job.submitted_at)),
  h("a", { href: href(["scripts", job.script.name], { version: job.script.version }) }, versionName(job.script)),
  [jobBadge(job), !hasEnded(job) && job.phase && [" ", h("span", { class: "quiet" }, called("phase", job.phase))]],
  [
    h("code", { class: "url" }, job.input.url),
    job.bytes.total > 0 && h("span", { class: "place" }, size(job.bytes.total)),
  ],
  secondary(amount(job.partitions.total === null ? "…" : count(job.partitions.total))),
  secondary(job.submitted_by && h("bdi", {}, job.submitted_by)),
];
