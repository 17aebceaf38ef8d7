// @ts-check
// The progress of a job while it runs: its phase, bytes, rate and the time left. Screen readers get a line for each quarter.

/** @import { Job } from "../types.js" */

import { paceMeter } from "../batches/pace.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { duration, size } from "../formats.js";
import { called, say } from "../words.js";
import { hasEnded } from "./status.js";

const STEPS = 4;

/** An element, and a function that shows the present state of a job in it, at a time in milliseconds. */
export function jobProgress() {
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("job.progress") });
  const words = h("p", { class: "quiet" });
  const shown = h("div", { class: "job-progress" }, bar, words);
  const announced = h("div", { role: "status" });
  const pace = paceMeter();
  let step = 0;
  /**
   * @param {Job} job
   * @param {number} [now]
   */
  const show = (job, now = performance.now()) => {
    const { done, total } = job.bytes;
    const isOver = hasEnded(job);
    shown.hidden = isOver;
    bar.max = total || 1;
    bar.value = done;
    const measured = pace(done, total, now);
    const text = say("job.done-of", { done: size(done), total: size(total) });
    const texts = [
      job.phase && called("phase", job.phase),
      total > 0 && text,
      measured && say("job.rate", { rate: size(measured.perSecond) }),
      measured &&
        measured.leftMs > 0 &&
        say("job.left", { time: duration(Math.ceil(measured.leftMs / 1_000) * 1_000) }),
    ];
    fill(words, texts.filter(Boolean).join(" · "));
    const reached = total > 0 ? Math.floor((STEPS * done) / total) : 0;
    if (isOver) fill(announced, visuallyHidden(called("jobbing", job.status)));
    else if (reached > step) fill(announced, visuallyHidden(text));
    step = reached;
  };
  return { element: h("div", {}, shown, announced), show };
}
