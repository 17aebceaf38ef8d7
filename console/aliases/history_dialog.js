// @ts-check
// The history of an alias: who moved it when, from which version to which, and why.

/** @import { Move, Content } from "../types.js" */

import { pagedTable } from "../parts/paged_table.js";
import { dateTime } from "../parts/time.js";
import { showDialog } from "../results/dialog.js";
import { visible } from "../results/visible.js";
import { called, say } from "../words.js";
import { historyPath } from "./requests.js";

/**
 * @param {string} script
 * @param {string} alias
 * @param {AbortSignal} signal
 */
export async function historyDialog(script, alias, signal) {
  const table = await pagedTable({
    pathAt: (cursor) => historyPath(script, alias, { cursor }),
    heads: [
      say("audit.at"),
      say("alias.from"),
      say("alias.to"),
      say("alias.reason"),
      say("alias.note"),
      say("audit.key"),
    ],
    cells,
    caption: say("alias.history.title", { alias }),
    empty: say("alias.history.none"),
    signal,
  });
  showDialog(say("alias.history.title", { alias }), table, signal);
}

/**
 * @param {Move} move
 * @returns {Content[]}
 */
const cells = ({ at, from_version: from, to_version: to, reason, note, by }) => [
  dateTime(at),
  from === null ? "–" : `v${from}`,
  to === null ? "–" : `v${to}`,
  called("move", reason),
  note && visible(note),
  by ?? "–",
];
