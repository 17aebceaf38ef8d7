// @ts-check
// The limits of runs, as facts of a description list.

/** @import { Content, Limits } from "../types.js" */

import { h } from "../dom.js";
import { duration, size } from "../formats.js";
import { say } from "../words.js";

/**
 * Terms and values for a `dl`.
 * @param {Limits} limits
 * @returns {Content}
 */
export const limitFacts = ({ wall_ms, memory_bytes, result_bytes, log_bytes }) => [
  [h("dt", {}, say("limits.wall_ms")), h("dd", {}, duration(wall_ms))],
  [h("dt", {}, say("limits.memory_bytes")), h("dd", {}, size(memory_bytes))],
  [h("dt", {}, say("limits.result_bytes")), h("dd", {}, size(result_bytes))],
  [h("dt", {}, say("limits.log_bytes")), h("dd", {}, size(log_bytes))],
];
