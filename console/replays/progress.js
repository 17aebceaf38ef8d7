// @ts-check
// The progress of a replay while it runs. Screen readers get a line for each quarter, not for each execution.

/** @import { VersionReplay } from "../types.js" */

import { fill, h, visuallyHidden } from "../dom.js";
import { count } from "../formats.js";
import { say } from "../words.js";
import { hasFinished } from "./outcomes.js";
import { outcomesText } from "./summary.js";

const STEPS = 4;

/** An element, and a function that shows the present state of a replay in it. */
export function replayProgress() {
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("replay.progress") });
  const words = h("p", { class: "quiet" });
  const shown = h("div", {}, bar, words);
  const announced = h("div", { role: "status" });
  let step = 0;
  /** @param {VersionReplay} replay */
  const show = (replay) => {
    const { done, total } = replay.executions;
    const isOver = hasFinished(replay);
    shown.hidden = isOver;
    bar.max = Math.max(1, total);
    bar.value = done;
    const text = say("replay.done-of", { done: count(done), total: count(total) });
    fill(words, text);
    const reached = Math.floor((STEPS * done) / Math.max(1, total));
    if (isOver) fill(announced, visuallyHidden(`${say("replay.is-finished")} ${outcomesText(replay)}`));
    else if (reached > step) fill(announced, visuallyHidden(text));
    step = reached;
  };
  return { element: h("div", {}, shown, announced), show };
}
