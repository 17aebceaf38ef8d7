// @ts-check
// A small chart of a script's activity: a bar for each part of the period, its failures in another colour.

/** @import { ScriptActivity } from "../types.js" */

import { counted } from "../counts.js";
import { svg } from "../dom.js";
import { moment } from "../formats.js";
import { say } from "../words.js";

const [BAR, GAP, HEIGHT] = [4, 1, 24];
/** The height of a bar that would be too low to see. */
const LOWEST = 2;

/**
 * The chart, with a text about its highest bar.
 * @param {ScriptActivity} activity
 */
export function sparkline({ buckets }) {
  const most = Math.max(1, ...buckets.map(({ executions }) => executions));
  const bars = buckets.flatMap(({ executions, failed }, at) => [
    ...bar(at, executions, most, "ran"),
    ...bar(at, failed, most, "failed"),
  ]);
  const width = buckets.length * (BAR + GAP);
  const line = svg("rect", { class: "ground", x: 0, y: HEIGHT - 1, width, height: 1 });
  const attributes = {
    class: "sparkline",
    viewBox: `0 0 ${width} ${HEIGHT}`,
    role: "img",
    "aria-label": summary(buckets),
  };
  return svg("svg", { ...attributes, preserveAspectRatio: "none" }, [line, ...bars]);
}

/**
 * @param {number} at
 * @param {number} number
 * @param {number} most
 * @param {string} kind
 */
function bar(at, number, most, kind) {
  if (!number) return [];
  const height = Math.max(LOWEST, (HEIGHT * number) / most);
  return [svg("rect", { class: kind, x: at * (BAR + GAP), y: HEIGHT - height, width: BAR, height })];
}

/** @param {ScriptActivity["buckets"]} buckets */
function summary(buckets) {
  const busiest = buckets.reduce((one, other) => (other.executions > one.executions ? other : one));
  if (!busiest.executions) return say("overview.quiet");
  return counted("overview.busiest", busiest.executions, { at: moment(Date.parse(busiest.start)) });
}
