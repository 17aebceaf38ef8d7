// @ts-check
// The replays of a version, newest first.

/** @import { Content, VersionReplay } from "../types.js" */

import { pathOf } from "../api.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { pagedTable, secondary } from "../parts/paged_table.js";
import { relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { say } from "../words.js";
import { replayBadge } from "./outcomes.js";
import { outcomesText } from "./summary.js";

/**
 * @param {string} script
 * @param {string | number} version
 * @param {AbortSignal} signal
 */
export const replayList = (script, version, signal) =>
  pagedTable({
    pathAt: (cursor) => pathOf(["scripts", script, "versions", version, "replays"], { cursor }),
    heads: [
      say("replay.created"),
      say("status"),
      say("replay.executions"),
      say("replay.outcome"),
      secondary(say("replay.by")),
      say("replay.acceptance"),
    ],
    cells,
    caption: say("replays"),
    empty: say("replays.none"),
    signal,
  });

/**
 * The address of a replay.
 * @param {Pick<VersionReplay, "script_name" | "version" | "id">} replay
 */
const replayHref = ({ script_name: name, version, id }) => href(["scripts", name, "replays", version, id]);

/**
 * @param {VersionReplay} replay
 * @returns {Content[]}
 */
const cells = (replay) => [
  h("a", { href: replayHref(replay) }, relativeTime(replay.created_at)),
  replayBadge(replay),
  count(replay.executions.total),
  replay.status === "finished"
    ? h("span", { class: "outcomes-text" }, outcomesText(replay))
    : say("replay.done-of", { done: count(replay.executions.done), total: count(replay.executions.total) }),
  secondary(replay.created_by),
  acceptance(replay),
];

/** @param {VersionReplay} replay */
function acceptance({ acceptance, has_differences: hasDifferences, status }) {
  if (acceptance) return h("span", { title: acceptance.note }, say("replay.acceptance.yes"));
  return status === "finished" && hasDifferences && say("replay.acceptance.no");
}
