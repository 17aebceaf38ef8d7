// @ts-check
// The status of a job, and its partitions by their states.

/** @import { Content, Job } from "../types.js" */

import { h } from "../dom.js";
import { count } from "../formats.js";
import { called, say } from "../words.js";

/** @param {Job} job */
export const hasEnded = ({ status }) => status === "succeeded" || status === "failed";

/** The statuses in the order of the filter. */
export const STATUSES = /** @type {const} */ (["pending", "running", "succeeded", "failed"]);

/**
 * The badge of a job: a cancelled one is no failure.
 * @param {Pick<Job, "status" | "error">} job
 */
export function jobBadge({ status, error }) {
  if (error?.kind === "cancelled") return h("span", { class: "badge cancelled" }, say("job.is-cancelled"));
  return h("span", { class: `badge ${status}` }, called("jobbing", status));
}

const ORDER = /** @type {const} */ (["done", "failed", "waiting"]);
const LOOKS = { done: "succeeded", failed: "failed", waiting: "pending" };
const SIGNS = { done: "\u2713", failed: "\u2717", waiting: "\u2026" };

/**
 * The partitions by their states, as a bar and a legend with the numbers.
 * @param {Pick<Job, "partitions">} job
 * @returns {Content}
 */
export function partitionCounts({ partitions }) {
  const parts = ORDER.filter((state) => partitions[state] > 0).map((state) => {
    const title = `${count(partitions[state])} ${called("partition", state)}`;
    const part = h("span", { class: `part ${LOOKS[state]}`, title });
    part.style.flexGrow = String(partitions[state]);
    return part;
  });
  const legend = ORDER.map((state) =>
    h(
      "li",
      { class: partitions[state] > 0 ? LOOKS[state] : "quiet" },
      h("span", { class: `swatch ${LOOKS[state]}`, "aria-hidden": "true" }),
      h("span", { class: "sign", "aria-hidden": "true" }, `${SIGNS[state]} `),
      h("strong", {}, count(partitions[state])),
      ` ${called("partition", state)}`,
    ),
  );
  return [
    h("div", { class: "outcomes-bar", "aria-hidden": "true" }, parts),
    h("ul", { class: "counts outcomes states" }, legend),
  ];
}
