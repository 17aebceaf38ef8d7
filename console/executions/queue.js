// @ts-check
// The place of a pending execution in the queue, and why it waits.

/** @import { QueuePlace } from "../types.js" */

import { counted } from "../counts.js";
import { count } from "../formats.js";
import { called, say } from "../words.js";

/** The service counts no further. */
const MOST_COUNTED = 1_000;

/** @param {QueuePlace} place */
export function queueText({ ahead, reason }) {
  const reached = ahead < MOST_COUNTED ? count(ahead) : `≥ ${count(ahead)}`;
  const place = ahead === 0 ? say("queue.next") : counted("queue.ahead", ahead, { n: reached });
  return reason ? `${place} · ${called("queueing", reason)}` : place;
}
