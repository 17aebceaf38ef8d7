// @ts-check
// The lines of a batch: their executions, by status. Those that failed are shown first, if there are any.

/** @import { Batch, Content, ExecutionSummary } from "../types.js" */

import { pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { count, duration } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { chips } from "../parts/filter_controls.js";
import { amount, pagedTable, secondary } from "../parts/paged_table.js";
import { failureLine } from "../parts/run_error.js";
import { STATES, statusBadge } from "../parts/status.js";
import { latest } from "../results/latest.js";
import { visible } from "../results/visible.js";
import { href, place, remember } from "../router.js";
import { called, say } from "../words.js";

/** The status in the address that stands for all lines, where none stands for those that failed. */
const ALL = "all";

/**
 * An element with the lines, and a function that loads them again for a later state of the batch.
 * @param {Batch} batch
 * @param {AbortSignal} signal
 */
export function linesOf(batch, signal) {
  const list = h("div");
  const { errorArea, attempt } = withErrorDisplay();
  const states = [["", say("filter.any")], ...STATES.map((state) => [state, called("status", state)])];
  const filter = chips(
    say("status"),
    states.map(([state, words]) => /** @type {const} */ ([state, words])),
    (status) => {
      chosen = status;
      remember({ status: status || ALL });
      show(status);
    },
  );
  /** @type {string | undefined} */
  let chosen;
  const load = latest(async (/** @type {string} */ status) =>
    attempt(async () => fill(list, await table(batch.id, status, signal))),
  );
  /** @param {string} status */
  const show = (status) => {
    filter.press(status);
    load(status);
  };
  /** @param {Batch} now */
  const reload = (now) => show(chosen ?? startStatus(now));
  reload(batch);
  return { element: h("div", {}, filter.element, errorArea, list), reload };
}

/**
 * The status to start with: that of the address, otherwise `failed` if any line has.
 * @param {Batch} batch
 */
function startStatus({ counts }) {
  const { status = counts.failed > 0 ? "failed" : ALL } = place(location.hash).query;
  return STATES.some((state) => state === status) ? status : "";
}

/**
 * @param {string} batch
 * @param {string} status
 * @param {AbortSignal} signal
 */
const table = (batch, status, signal) =>
  pagedTable({
    pathAt: (cursor) => pathOf(["executions"], { batch, status, cursor }),
    heads: [
      say("batch.line"),
      say("batch.ref"),
      say("status"),
      secondary(amount(say("execution.took"))),
      say("execution.why"),
    ],
    cells,
    caption: say("batch.lines.order"),
    empty: h("p", { role: "status" }, say("batch.no-lines")),
    signal,
  });

/**
 * @param {ExecutionSummary} execution
 * @returns {Content[]}
 */
const cells = ({ id, batch, status, measures, error }) => [
  h(
    "a",
    { href: href(["executions", id]), title: say("batch.line.execution", { id: shortId(id) }) },
    batch && count(batch.line),
  ),
  batch && batch.ref !== null && visible(batch.ref),
  statusBadge(status, error),
  secondary(measures && amount(h("span", { class: "short" }, duration(measures.wall_ms)))),
  error && error.kind !== "cancelled" && failureLine(error),
];
