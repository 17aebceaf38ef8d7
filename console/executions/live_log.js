// @ts-check
// The log of an execution while it waits and runs: its lines as they come.

/** @import { ExecutionLog } from "../types.js" */

import { get, pathOf } from "../api.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { announcements } from "../parts/announcements.js";
import { lineElement } from "../parts/logs.js";
import { repeat } from "../repeat.js";
import { say } from "../words.js";

const POLL_MS = 1_000;
const ANNOUNCE_MS = 10_000;
const END_PIXELS = 8;

/**
 * The log, which is read each second while it can be seen. It stays at its end unless the reader has scrolled up.
 * @param {string} id
 * @param {AbortSignal} signal
 */
export function liveLog(id, signal) {
  const list = h("ol", { class: "logs", tabindex: "0", "aria-label": say("logs"), hidden: true });
  const note = h("p", { class: "quiet" }, say("logs.live"));
  const newLines = newLinesAnnouncer();
  const element = h("div", {}, list, note, newLines.element);
  /** @type {string | undefined} */
  let position;
  const poll = async () => {
    if (position !== undefined && !element.checkVisibility()) return;
    /** @type {ExecutionLog} */
    const log = await get(pathOf(["executions", id, "log"], { after: position }), { signal });
    position = log.position;
    show(log);
  };
  repeat(poll, { ms: POLL_MS, atOnce: true, signal });
  return element;

  /** @param {ExecutionLog} log */
  function show({ first_line: first, lines, truncated }) {
    keepAtEnd(list, () => {
      if (first === 0) list.replaceChildren();
      list.append(...lines.map(lineElement));
      list.hidden = list.children.length === 0;
    });
    fill(note, say(truncated ? "logs.live.truncated" : "logs.live"));
    newLines.add(lines.length);
  }
}

/**
 * Make a change to a list; if it shows its end, it does so afterwards too.
 * @param {HTMLElement} list
 * @param {() => void} change
 */
function keepAtEnd(list, change) {
  const wasAtEnd = isAtEnd(list);
  change();
  if (wasAtEnd) list.scrollTop = list.scrollHeight;
}

/** @param {Element} list */
export const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight <= END_PIXELS;

/** Announces the number of new lines now and then: to read out all of them would drown everything else. */
function newLinesAnnouncer() {
  const { element, now } = announcements();
  let count = 0;
  let last = -ANNOUNCE_MS;
  return {
    element,
    /** @param {number} more */
    add: (more) => {
      count += more;
      if (count === 0 || performance.now() - last < ANNOUNCE_MS) return;
      now(counted("logs.new", count));
      [count, last] = [0, performance.now()];
    },
  };
}
