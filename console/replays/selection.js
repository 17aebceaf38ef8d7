// @ts-check
// The facts about a replay: which executions it runs, by whom it was started, and how results are compared.

/** @import { Content, VersionReplay } from "../types.js" */

import { amount } from "../changes.js";
import { counted } from "../counts.js";
import { h } from "../dom.js";
import { timestamp } from "../formats.js";
import { datedAge, dateTime } from "../parts/time.js";
import { visible } from "../results/visible.js";
import { say } from "../words.js";

/** @param {VersionReplay} replay */
export function selectionFacts(replay) {
  const { created_at, created_by, finished_at, key, tolerance } = replay;
  /** @type {[string, Content][]} */
  const facts = [
    [say("replay.which"), selectionText(replay)],
    [say("replay.created"), [datedAge(created_at), created_by && ` · ${created_by}`]],
    [say("execution.finished"), finished_at && dateTime(finished_at)],
    [
      say("compare.key"),
      key ? key.map((name, at) => [at > 0 && ", ", h("code", {}, visible(name))]) : say("replay.key.proposed"),
    ],
    [say("compare.tolerance"), toleranceText(tolerance)],
  ];
  return h(
    "dl",
    {},
    facts.filter(([, content]) => content).map(([words, content]) => [h("dt", {}, words), h("dd", {}, content)]),
  );
}

/** @param {VersionReplay} replay */
function selectionText({ selection: { executions, last, since, of_version: version } }) {
  if (executions) return counted("replay.selection.chosen", executions.length);
  return [
    counted("replay.selection.last", last ?? 0),
    since && say("replay.selection.since", { since: timestamp(since) }),
    version && say("replay.selection.of", { number: version }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** @param {VersionReplay["tolerance"]} tolerance */
function toleranceText({ absolute, relative }) {
  const parts = [
    Number(absolute) > 0 && amount(Number(absolute)),
    Number(relative) > 0 && say("replay.tolerance.share", { share: `${amount(100 * Number(relative))} %` }),
  ].filter(Boolean);
  return parts.join(" · ") || say("compare.tolerance.none");
}
