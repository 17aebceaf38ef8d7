// @ts-check
// The life of an execution in three steps, with their times and durations.

/** @import { Content, Execution } from "../types.js" */

import { h } from "../dom.js";
import { duration, zonedTimestamp } from "../formats.js";
import { say } from "../words.js";

/** @param {Execution} execution */
export const stepsOf = ({ submitted_at, started_at, finished_at, attempt, measures }) =>
  h(
    "ol",
    { class: "steps" },
    step(
      say("execution.submitted"),
      submitted_at,
      measures && say("execution.waited", { time: duration(measures.queued_ms) }),
    ),
    step(say("execution.started"), started_at, attempt > 1 && say("execution.attempt", { n: attempt })),
    step(
      say("execution.finished"),
      finished_at,
      measures && say("execution.ran", { time: duration(measures.wall_ms) }),
    ),
  );

/**
 * @param {string} words
 * @param {string | null} at
 * @param {Content} more
 */
const step = (words, at, more) =>
  h(
    "li",
    { class: at ? "done" : "quiet" },
    h("span", {}, words),
    h("span", {}, at ? zonedTimestamp(at) : "–"),
    more && h("span", { class: "quiet" }, more),
  );
