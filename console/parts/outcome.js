// @ts-check
// The outcome of an execution: result or error, logs, resources, warnings, and its stored data.

/** @import { Content, Execution, RunError, ScriptReference, PlainWordName } from "../types.js" */

import { getBlob, getText, pathOf, remove } from "../api.js";
import { fill, h } from "../dom.js";
import { fileStem } from "../execution_names.js";
import { duration, size } from "../formats.js";
import { loadModule } from "../load_module.js";
import { resultPanel } from "../results/panel.js";
import { reload } from "../router.js";
import { called, say } from "../words.js";
import { confirmation } from "./confirmation.js";
import { withErrorDisplay } from "./error_display.js";
import { logs } from "./logs.js";
import { notifyNext } from "./notices.js";
import { provenanceOf } from "./provenance.js";
import { removalNote } from "./removal.js";
import { runErrorNote } from "./run_error.js";
import { save } from "./save.js";
import { warningNote } from "./warnings.js";

/**
 * The sections about a finished execution.
 * @param {Execution} execution
 * @param {AbortSignal} signal
 * @returns {Content}
 */
export const outcomeOf = (execution, signal) => [
  execution.content_removed_at && removalNote(execution.id, execution.content_removed_at, signal),
  execution.error && errorOf(execution, execution.error, signal),
  execution.warnings.map(warningNote),
  !execution.content_removed_at && resultOf(execution, signal),
  !execution.content_removed_at && [h("h2", {}, say("logs")), logs(execution.logs, execution.logs_truncated)],
  h("h2", {}, say("measures")),
  measuresOf(execution),
  provenanceOf(execution, signal),
  !execution.content_removed_at && storedData(execution),
];

/**
 * @param {Execution} execution
 * @param {AbortSignal} signal
 * @returns {Content}
 */
const resultOf = (execution, signal) =>
  execution.output && [
    h("h2", {}, say("result")),
    resultPanel({
      href: pathOf(["executions", execution.id, "result"]),
      sizeBytes: execution.output.size_bytes,
      name: fileStem(execution),
      signal,
    }),
  ];

/**
 * The error, and the source with its line marked.
 * @param {Execution} execution
 * @param {RunError} error
 * @param {AbortSignal} signal
 */
function errorOf({ script }, error, signal) {
  const source = h("div");
  const { errorArea, attempt } = withErrorDisplay();
  if (error.line) attempt(() => showPosition(source, error, script, signal));
  return [runErrorNote(error), source, errorArea];
}

/**
 * @param {HTMLElement} element
 * @param {RunError} error
 * @param {ScriptReference} script
 * @param {AbortSignal} signal
 */
async function showPosition(element, error, script, signal) {
  const text = await getText(pathOf(["scripts", script.id, "versions", script.version, "source"]), { signal });
  const { editor } = await loadModule(import("./editor.js"));
  const source = editor({ text, label: say("source"), readOnly: true });
  fill(element, h("h2", {}, say("script.source", { number: script.version })), source.element);
  source.mark([{ ...error, severity: "error" }]);
}

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

/**
 * The dataset, and a button that deletes all stored data after a confirmation.
 * @param {Execution} execution
 */
function storedData(execution) {
  const { id } = execution;
  const { errorArea, attempt } = withErrorDisplay();
  const removeData = async () => {
    await remove(pathOf(["executions", id, "content"]));
    notifyNext(() => say("content.removed"));
    reload();
  };
  // A plain link would not send the API key.
  const download = async () =>
    save(await getBlob(pathOf(["executions", id, "input"])), `${fileStem(execution)}-dataset.json`);
  const { button: removeButton, place } = confirmation({
    needs: "executions:write",
    words: say("content.remove"),
    question: say("content.sure"),
    sure: say("content.remove.sure"),
    act: () => attempt(removeData),
  });
  return [
    h("h2", {}, say("content")),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", click: () => attempt(download) }, say("content.input")),
      removeButton,
    ),
    place,
    errorArea,
  ];
}
