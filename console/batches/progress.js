// @ts-check
// The progress of a batch while it runs. Screen readers get a line for each quarter, not for each line of the batch.

/** @import { Batch } from "../types.js" */

import { amount } from "../changes.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { count, duration } from "../formats.js";
import { say } from "../words.js";
import { paceMeter } from "./pace.js";
import { countsText, doneOf, hasFinished } from "./status.js";

const STEPS = 4;

/** An element, and a function that shows the present state of a batch in it, at a time in milliseconds. */
export function batchProgress() {
  // The bar that is seen is that of the counts, in which readers of the screen would find no progress.
  const bar = h("progress", { class: "visually-hidden", max: 1, value: 0, "aria-label": say("batch.progress") });
  const words = h("p", { class: "quiet" });
  const shown = h("div", {}, bar, words);
  const announced = h("div", { role: "status" });
  const pace = paceMeter();
  let step = 0;
  /**
   * @param {Batch} batch
   * @param {number} [now]
   */
  const show = (batch, now = performance.now()) => {
    const [done, total] = [doneOf(batch), batch.lines];
    const isOver = hasFinished(batch);
    shown.hidden = isOver;
    bar.max = total;
    bar.value = done;
    const text = say("batch.done-of", { done: count(done), total: count(total) });
    const measured = pace(done, total, now);
    fill(
      words,
      [
        text,
        measured && say("batch.rate", { rate: amount(measured.perSecond) }),
        measured && say("batch.left", { time: duration(Math.ceil(measured.leftMs / 1_000) * 1_000) }),
      ]
        .filter(Boolean)
        .join(" · "),
    );
    const reached = Math.floor((STEPS * done) / total);
    if (isOver) fill(announced, visuallyHidden(`${say("batch.is-finished")} ${countsText(batch)}`));
    else if (reached > step) fill(announced, visuallyHidden(text));
    step = reached;
  };
  return { element: h("div", {}, shown, announced), show };
}
