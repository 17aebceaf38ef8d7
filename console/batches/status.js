// @ts-check
// The status of a batch, and its lines by their states.

/** @import { Batch, Content } from "../types.js" */

import { h } from "../dom.js";
import { count } from "../formats.js";
import { STATES } from "../parts/status.js";
import { called, say } from "../words.js";

/** @param {Batch} batch */
export const hasFinished = ({ status }) => status === "finished";

/**
 * The number of lines that have ended.
 * @param {Pick<Batch, "counts">} batch
 */
export const doneOf = ({ counts }) => counts.succeeded + counts.failed;

const LOOKS = { pending: "pending", running: "running", finished: "succeeded" };

/**
 * The badge of a batch: it has failures only if its lines have, so a finished one with some looks like neither.
 * @param {Pick<Batch, "status" | "cancelled_at" | "counts">} batch
 */
export function batchBadge({ status, cancelled_at: cancelled, counts }) {
  if (cancelled) return h("span", { class: "badge cancelled" }, say("batch.is-cancelled"));
  const isClean = status !== "finished" || counts.failed === 0;
  return h("span", { class: `badge ${isClean ? LOOKS[status] : "mixed"}` }, called("batching", status));
}

const SIGNS = { succeeded: "\u2713", failed: "\u2717", running: "\u25b6", pending: "\u2026" };

/** The states in the order of a bar: from those that are over to those that have not begun. */
const ORDER = /** @type {const} */ (["succeeded", "failed", "running", "pending"]);

/**
 * The lines by their states, as a bar and a legend with the numbers.
 * @param {Pick<Batch, "counts">} batch
 * @returns {Content}
 */
export function countsOf({ counts }) {
  const parts = ORDER.filter((state) => counts[state] > 0).map((state) => {
    const part = h("span", { class: `part ${state}`, title: `${count(counts[state])} ${say(`batch.state.${state}`)}` });
    part.style.flexGrow = String(counts[state]);
    return part;
  });
  return [
    h("div", { class: "outcomes-bar", "aria-hidden": "true" }, parts),
    h(
      "ul",
      { class: "counts outcomes states" },
      ORDER.map((state) =>
        h(
          "li",
          { class: counts[state] > 0 ? state : "quiet" },
          h("span", { class: `swatch ${state}`, "aria-hidden": "true" }),
          h("span", { class: "sign", "aria-hidden": "true" }, `${SIGNS[state]} `),
          h("strong", {}, count(counts[state])),
          ` ${say(`batch.state.${state}`)}`,
        ),
      ),
    ),
  ];
}

/**
 * The lines by their states in a line, for lists and announcements.
 * @param {Pick<Batch, "counts">} batch
 */
export const countsText = ({ counts }) =>
  STATES.toReversed()
    .filter((state) => counts[state] > 0)
    .map((state) => `${count(counts[state])} ${say(`batch.state.${state}`)}`)
    .join(" · ");
