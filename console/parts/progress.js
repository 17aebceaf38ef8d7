// The life of an execution in three steps, with their moments, and how long each took.

import { h } from "../dom.js";
import { duration, moment } from "../formats.js";
import { say } from "../words.js";
import { hasEnded } from "./status.js";

export function progressOf(one) {
  const steps = [
    [
      say("execution.submitted"),
      one.submitted_at,
      one.measures && say("execution.waited", { time: duration(one.measures.queued_ms) }),
    ],
    [say("execution.started"), one.started_at, one.attempt > 1 && say("execution.attempt", { n: one.attempt })],
    [
      say("execution.finished"),
      one.finished_at,
      one.measures && say("execution.ran", { time: duration(one.measures.wall_ms) }),
    ],
  ];
  return [
    !hasEnded(one) && h("progress", { "aria-label": say(`execution.now.${one.status}`) }),
    h("ol", { class: "steps" }, steps.map(step)),
  ];
}

const step = ([words, at, more]) =>
  h(
    "li",
    { class: at ? "done" : "quiet" },
    h("span", {}, words),
    h("span", {}, moment(at)),
    more && h("span", { class: "quiet" }, more),
  );
