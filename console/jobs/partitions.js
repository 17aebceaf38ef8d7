// @ts-check
// The partitions of a job: those that failed first, with their reasons; all of them on request.

/** @import { Content, Job, JobPartition } from "../types.js" */

import { pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { count, duration } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { amount, pagedTable, secondary } from "../parts/paged_table.js";
import { visible } from "../results/visible.js";
import { called, say } from "../words.js";
import { PARTS } from "./paths.js";

/**
 * A section with the partitions, and a function that shows them as they are now.
 * @param {Job} job
 * @param {AbortSignal} signal
 */
export function partitionsOf(job, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const list = h("div");
  const load = async (/** @type {string | undefined} */ state) => {
    const table = await pagedTable({
      pathAt: (cursor) => pathOf([...PARTS, job.id, "partitions"], { state, cursor }),
      heads: [
        say("job.partition"),
        say("status"),
        say("job.range"),
        secondary(amount(say("job.rows"))),
        secondary(amount(say("job.run-time"))),
      ],
      cells,
      caption: say("job.partitions"),
      empty: say("job.partitions.none"),
      signal,
    });
    fill(list, table);
  };
  const all = h("button", { type: "button", click: () => attempt(() => load(undefined)) }, say("job.partitions.show"));
  return {
    element: h("div", {}, h("p", {}, all), errorArea, list),
    showFailed: () => attempt(() => load("failed")),
  };
}

/**
 * @param {JobPartition} partition
 * @returns {Content[]}
 */
const cells = (partition) => [
  count(partition.number),
  [h("span", { class: `badge ${LOOKS[partition.state]}` }, called("partition", partition.state)), reasonOf(partition)],
  [h("code", { class: "url" }, partition.object), h("span", { class: "place" }, rangeOf(partition))],
  secondary(partition.rows !== null && amount(count(partition.rows))),
  secondary(partition.measures && amount(duration(partition.measures.wall_ms))),
];

const LOOKS = { done: "succeeded", failed: "failed", waiting: "pending" };

/** @param {JobPartition} partition */
function reasonOf({ error }) {
  if (!error) return null;
  const places = [
    error.line !== null && say("line", { line: count(error.line) }),
    error.column !== null && [say("job.column"), " ", visible(error.column)],
  ];
  return h(
    "div",
    { class: "bad" },
    h("code", {}, error.kind),
    " ",
    visible(error.message),
    places.filter(Boolean).map((place) => [" · ", place]),
  );
}

/** @param {JobPartition} partition */
function rangeOf({ range: { unit, start, end } }) {
  const places = { from: count(start), to: count(end) };
  return unit === "rows" ? say("job.range.rows", places) : say("job.range.bytes", places);
}
