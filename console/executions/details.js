// @ts-check
// The details of an execution: its times, its resources and its provenance.

/** @import { Content, Execution, PlainWordName } from "../types.js" */

import { h } from "../dom.js";
import { duration, size } from "../formats.js";
import { stepsOf } from "../parts/progress.js";
import { provenanceOf } from "../parts/provenance.js";
import { hasFinished } from "../parts/status.js";
import { called, say } from "../words.js";

/**
 * @param {Execution} execution
 * @param {AbortSignal} signal
 * @returns {Content}
 */
export const detailsOf = (execution, signal) => [
  stepsOf(execution),
  h("h2", {}, say("measures")),
  measuresOf(execution),
  hasFinished(execution) && provenanceOf(execution, signal),
];

/** @param {Execution} execution */
function measuresOf({ measures, engine, isolation, input, output }) {
  /** @type {(readonly [PlainWordName, string] | null | "")[]} */
  const facts = [
    measures && ["measures.wall", duration(measures.wall_ms)],
    measures && ["measures.cpu", duration(measures.cpu_ms)],
    measures && ["measures.queued", duration(measures.queued_ms)],
    measures && ["measures.memory", size(measures.peak_memory_bytes)],
    ["measures.input", size(input.size_bytes)],
    output && ["measures.output", size(output.size_bytes)],
    engine && ["measures.engine", engine],
    isolation && ["measures.isolation", called("isolation", isolation)],
  ];
  return h(
    "dl",
    {},
    facts
      .filter((fact) => fact !== null && fact !== "")
      .map(([name, value]) => [h("dt", {}, say(name)), h("dd", {}, value)]),
  );
}
