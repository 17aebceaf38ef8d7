// @ts-check
// The executions of a replay, with their outcomes and the reasons of those that were not compared.

/** @import { Content, VersionReplay, ReplayedExecution } from "../types.js" */

import { pathOf } from "../api.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { pagedTable } from "../parts/paged_table.js";
import { called, say } from "../words.js";
import { links } from "./links.js";
import { outcomeBadge } from "./outcomes.js";

/**
 * An element that loads the first page when it is made.
 * @param {string[]} path The path of the replay.
 * @param {AbortSignal} signal
 */
export function executionsOf(path, signal) {
  const list = h("div");
  const { errorArea, attempt } = withErrorDisplay();
  const load = async () =>
    fill(
      list,
      await pagedTable({
        pathAt: (cursor) => pathOf([...path, "executions"], { cursor }),
        heads: [
          say("replay.number"),
          say("replay.outcome"),
          say("replay.reason"),
          say("replay.rows"),
          say("execution"),
        ],
        cells,
        caption: say("nav.executions"),
        empty: say("replay.none-compared"),
        signal,
      }),
    );
  attempt(load);
  return h("div", {}, list, errorArea);
}

/**
 * @param {ReplayedExecution} execution
 * @returns {Content[]}
 */
const cells = ({ number, original_id, execution_id, outcome, reason, detail, rows }) => [
  count(number + 1),
  outcome ? outcomeBadge(outcome) : h("span", { class: "quiet" }, say("replay.not-yet")),
  reason && [called("reason", reason), detail && h("span", { class: "quiet" }, ` · ${detail}`)],
  rows && rowsText(rows),
  links(original_id, outcome === null || outcome === "skipped" ? null : execution_id),
];

/** @param {VersionReplay["rows"]} rows */
const rowsText = (rows) =>
  /** @type {const} */ (["changed", "added", "removed", "equal"])
    .filter((name) => rows[name] > 0)
    .map((name) => `${count(rows[name])} ${counted(`compare.count.${name}`, rows[name])}`)
    .join(" · ");
