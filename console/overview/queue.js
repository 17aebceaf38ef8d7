// @ts-check
// What waits in the queue and why, read again every few seconds.

/** @import { Queue } from "../types.js" */

import { get, pathOf } from "../api.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { duration } from "../formats.js";
import { repeat } from "../repeat.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

const POLL_MS = 5_000;

/**
 * The section about the queue. It is empty until the first answer.
 * @param {AbortSignal} signal
 */
export function queueSection(signal) {
  const [line, scripts] = [h("p", {}), h("ul", {})];
  const details = h("details", { hidden: true }, h("summary", {}, say("queue.scripts")), scripts);
  const show = async () => {
    /** @type {Queue} */
    const queue = await get(pathOf(["queue"]), { signal });
    fill(line, sentence(queue));
    details.hidden = queue.scripts.length === 0;
    if (!details.contains(document.activeElement) || !details.open) fill(scripts, queue.scripts.map(item));
  };
  repeat(show, { ms: POLL_MS, atOnce: true, signal });
  return h("section", { class: "queue", "aria-label": say("queue") }, line, details);
}

/** @param {Queue} queue */
function sentence({ waiting, running, oldest_wait_seconds: oldest, reason }) {
  if (!waiting && !running) return h("span", { class: "quiet" }, say("queue.nothing"));
  const parts = [
    counted("queue.waiting", waiting),
    oldest !== null && say("queue.oldest", { time: duration(1_000 * oldest) }),
    counted("queue.running", running),
  ];
  return [
    parts.filter(Boolean).join(" · "),
    reason && [" · ", h("strong", { class: "bad" }, called("queueing", reason))],
  ];
}

/** @param {Queue["scripts"][number]} queued */
const item = ({ script, waiting, running }) =>
  h(
    "li",
    {},
    h(
      "a",
      { href: href(["executions"], { script: script.name, status: waiting ? "pending" : "running" }) },
      script.name,
    ),
    ` ${counted("queue.waiting", waiting)} · ${counted("queue.running", running)}`,
  );
