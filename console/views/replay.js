// @ts-check
// A replay of past executions: its progress, then its summary, its differences and its executions.

/** @import { Content, VersionReplay, View, ViewContext } from "../types.js" */

import { get, pathOf } from "../api.js";
import { columnsTable } from "../differences/columns.js";
import { rowCounts } from "../differences/rows.js";
import { fill, h } from "../dom.js";
import { clock, count } from "../formats.js";
import { copyableId } from "../parts/copy.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { follow } from "../parts/follow.js";
import { poll } from "../poll.js";
import { acceptanceOf } from "../replays/acceptance.js";
import { differencesOf } from "../replays/differences.js";
import { executionsOf } from "../replays/executions.js";
import { hasFinished, replayBadge } from "../replays/outcomes.js";
import { replayProgress } from "../replays/progress.js";
import { selectionFacts } from "../replays/selection.js";
import { outcomesOf } from "../replays/summary.js";
import { tableAddress } from "../results/table_address.js";
import { tabs } from "../results/tabs.js";
import { href, place, remember } from "../router.js";
import { say } from "../words.js";

const LONGEST_WAIT_SECONDS = 2;

/**
 * @param {ViewContext<"script" | "version" | "replay">} context
 * @returns {Promise<View>}
 */
export async function view({ script, version, replay: id, signal }) {
  const path = ["scripts", script, "versions", version, "replays", id];
  /** @type {VersionReplay} */
  const first = await get(pathOf(path), { signal });
  const { script_name: name } = first;
  const [status, summary, outcome, notice] = [h("span"), h("div"), h("div"), h("div")];
  const progress = replayProgress();
  const { errorArea, attempt } = withErrorDisplay();
  /** @param {VersionReplay} replay */
  const show = (replay) => {
    fill(status, replayBadge(replay));
    progress.show(replay);
    fill(notice);
    fill(summary, outcomesOf(replay));
    if (hasFinished(replay)) fill(outcome, outcomeOf(path, replay, signal));
  };
  show(first);
  if (!hasFinished(first))
    attempt(() => follow(poll(pathOf(path), hasFinished, signal, LONGEST_WAIT_SECONDS), show, notice));
  const facts = h(
    "div",
    { class: "row" },
    status,
    h(
      "a",
      { href: href(["scripts", name], { version: first.version }) },
      say("execution.of", { name, version: first.version }),
    ),
    h("a", { href: href(["scripts", name, "replays"], { version: first.version }) }, say("replays.all")),
    copyableId(id),
  );
  const title = say("replay.title", { name, number: first.version, at: clock(first.created_at) });
  return { title, body: [facts, selectionFacts(first), progress.element, notice, errorArea, summary, outcome] };
}

/**
 * @param {string[]} path
 * @param {VersionReplay} replay
 * @param {AbortSignal} signal
 * @returns {Content}
 */
const outcomeOf = (path, replay, signal) => [
  replay.columns &&
    replay.columns.length > 0 && [
      h("h2", {}, say("replay.columns")),
      h("p", { class: "quiet" }, say("replay.columns.about")),
      rowCounts(replay.rows),
      columnsTable(replay.columns, tableAddress()),
    ],
  acceptanceOf(path, replay),
  h("h2", {}, say("replay.details")),
  tabs(
    say("replay.details"),
    [
      { name: "differences", words: say("replay.differences"), show: () => differencesOf(path, signal) },
      {
        name: "executions",
        words: say("replay.executions-tab", { total: count(replay.executions.total) }),
        show: () => executionsOf(path, signal),
      },
    ],
    { name: place(location.hash).query.tab, chosen: (tab) => remember({ tab }) },
  ),
];
