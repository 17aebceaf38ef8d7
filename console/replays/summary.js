// @ts-check
// The summary of a replay: its executions by outcome, and the rows of their results.

/** @import { Content, VersionReplay, ReplayOutcome } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { called, say } from "../words.js";
import { memberOf, OUTCOMES, sign } from "./outcomes.js";

const ROWS = /** @type {const} */ (["equal", "changed", "added", "removed"]);

/**
 * The numbers of executions by outcome, as a bar and a legend with the numbers.
 * @param {VersionReplay} replay
 * @returns {Content}
 */
export function outcomesOf({ executions }) {
  const numbers = OUTCOMES.map((outcome) => /** @type {const} */ ([outcome, executions[memberOf(outcome)]]));
  const parts = numbers
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => {
      const part = h("span", { class: `part ${outcome}`, title: `${called("outcome", outcome)}: ${count(number)}` });
      part.style.flexGrow = String(number);
      return part;
    });
  const rest = h("span", { class: "part" });
  rest.style.flexGrow = String(executions.total - executions.done);
  return [
    h("div", { class: "outcomes-bar", "aria-hidden": "true" }, parts, rest),
    h(
      "ul",
      { class: "counts outcomes" },
      numbers.map(([outcome, number]) =>
        h(
          "li",
          { class: number > 0 ? outcome : "quiet" },
          h("span", { class: `swatch ${outcome}`, "aria-hidden": "true" }),
          sign(outcome),
          h("strong", {}, count(number)),
          ` ${counted(`outcomes.${outcome}`, number)}`,
        ),
      ),
    ),
  ];
}

/**
 * The numbers of rows by their comparison, over all executions; nothing without tables.
 * @param {VersionReplay} replay
 */
export function rowsOf({ rows }) {
  if (ROWS.every((name) => rows[name] === 0)) return null;
  return h(
    "ul",
    { class: "counts" },
    ROWS.map((name) =>
      h(
        "li",
        { class: rows[name] > 0 && name },
        h("strong", {}, count(rows[name])),
        ` ${counted(`compare.count.${name}`, rows[name])}`,
      ),
    ),
  );
}

/**
 * The outcomes in a line, for a list of replays and for announcements.
 * @param {VersionReplay} replay
 */
export const outcomesText = ({ executions }) =>
  OUTCOMES.filter((outcome) => executions[memberOf(outcome)] > 0)
    .map((outcome) => outcomeCount(outcome, executions[memberOf(outcome)]))
    .join(" · ") || say("replay.none-compared");

/**
 * @param {ReplayOutcome} outcome
 * @param {number} number
 */
const outcomeCount = (outcome, number) => `${count(number)} ${counted(`outcomes.${outcome}`, number)}`;
