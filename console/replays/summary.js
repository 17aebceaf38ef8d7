// @ts-check
// The executions of a replay by outcome.

/** @import { Content, VersionReplay, ReplayOutcome } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { called, say } from "../words.js";
import { memberOf, OUTCOMES, sign } from "./outcomes.js";

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
