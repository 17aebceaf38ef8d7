// @ts-check
// The offer of items that are newer than those of a list. They are not inserted: a list must not move under its reader.

import { get } from "../api.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { repeat } from "../repeat.js";
import { say } from "../words.js";

const POLL_MS = 5_000;
const MAX_COUNTED = 20;

/**
 * An element that offers newer items, with a button that calls `show`. `pathOf(limit)` is the path of the newest of the
 * list, `newest` the id of the first one shown, `of` the text about their number. While nothing is new, each poll reads a
 * single item.
 * @param {object} options
 * @param {(limit: number) => string} options.pathOf
 * @param {string | undefined} options.newest
 * @param {() => unknown} options.show
 * @param {"executions.newer" | "batches.newer" | "jobs.newer"} [options.of]
 * @param {AbortSignal} options.signal
 */
export function offerNewer({ pathOf, newest, show, of = "executions.newer", signal }) {
  const element = h("p", { class: "row", role: "status" });
  let [shown, seen] = [newest, newest];
  const poll = async () => {
    const [first = ""] = await ids(pathOf(1), signal);
    if (seen === undefined) [shown, seen] = [first, first];
    if (first === seen) return;
    seen = first;
    offer(element, of, newerCount(await ids(pathOf(MAX_COUNTED + 1), signal), shown ?? ""), show);
  };
  repeat(poll, { ms: POLL_MS, atOnce: newest === undefined, signal });
  return element;
}

/**
 * The number of ids, newest first, that are newer than one. Ids are time-ordered.
 * @param {string[]} newestFirst
 * @param {string} than
 */
export const newerCount = (newestFirst, than) => newestFirst.filter((id) => id > than).length;

/**
 * @param {HTMLElement} element
 * @param {"executions.newer" | "batches.newer" | "jobs.newer"} of
 * @param {number} number
 * @param {() => unknown} show
 */
function offer(element, of, number, show) {
  const words = counted(of, number, number > MAX_COUNTED ? { n: `${MAX_COUNTED}+` } : {});
  fill(
    element,
    number > 0 && h("button", { type: "button", click: show }, `${words} · ${say("executions.newer.show")}`),
  );
}

/**
 * @param {string} path
 * @param {AbortSignal} signal
 */
async function ids(path, signal) {
  /** @type {{ items: { id: string }[] }} */
  const { items } = await get(path, { signal });
  return items.map(({ id }) => id);
}
