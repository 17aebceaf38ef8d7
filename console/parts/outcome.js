// What came of an execution: result or error, logs, measures, warnings, and what is kept of it.

import { call, get, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { duration, size } from "../formats.js";
import { needed } from "../needed.js";
import { resultPanel } from "../results/panel.js";
import { again } from "../router.js";
import { say } from "../words.js";
import { attempts } from "./attempt.js";
import { logs } from "./logs.js";
import { save } from "./save.js";
import { warning } from "./warning.js";

/** The sections about an execution that has ended. */
export const outcome = (one, signal) => [
  one.content_removed_at ? h("p", { class: "note" }, say("execution.removed")) : null,
  one.error && errorOf(one, signal),
  one.warnings.map(warning),
  one.output && !one.content_removed_at && resultOf(one, signal),
  h("h2", {}, say("logs")),
  logs(one.logs, one.logs_truncated),
  h("h2", {}, say("measures")),
  measuresOf(one),
  !one.content_removed_at && content(one),
];

const resultOf = ({ id, script, output }, signal) => [
  h("h2", {}, say("result")),
  resultPanel({
    href: pathOf(["executions", id, "result"]),
    sizeBytes: output.size_bytes,
    name: `${script.name}-${id.slice(0, 8)}`,
    signal,
  }),
];

/** Why it failed, and the source with its line marked. */
function errorOf({ error, script }, signal) {
  const source = h("div");
  const { place, attempt } = attempts();
  if (error.line) attempt(() => showPlace(source, error, script, signal));
  const told = h(
    "div",
    { class: "refusal" },
    h("p", {}, h("strong", {}, error.message)),
    error.line && h("p", {}, say("at", { line: error.line, column: error.column ?? "?" })),
    error.position_is_exact === false && h("p", { class: "quiet" }, say("error.place")),
    error.stack && h("pre", {}, error.stack),
  );
  return [told, source, place];
}

async function showPlace(place, error, script, signal) {
  const text = await get(pathOf(["scripts", script.id, "versions", script.version, "source"]), { signal });
  const { editor } = await needed(import("./editor.js"));
  const source = editor({ text, label: say("source"), readOnly: true });
  fill(place, h("h2", {}, say("script.source", { number: script.version })), source.element);
  source.mark([{ ...error, severity: "error" }]);
}

function measuresOf({ measures, engine, input, output }) {
  const facts = [
    measures && ["measures.wall", duration(measures.wall_ms)],
    measures && ["measures.cpu", duration(measures.cpu_ms)],
    measures && ["measures.queued", duration(measures.queued_ms)],
    measures && ["measures.memory", size(measures.peak_memory_bytes)],
    ["measures.input", size(input.size_bytes)],
    output && ["measures.output", size(output.size_bytes)],
    engine && ["measures.engine", engine],
  ];
  return h(
    "dl",
    {},
    facts.filter(Boolean).map(([name, value]) => [h("dt", {}, say(name)), h("dd", {}, value)]),
  );
}

/** The dataset, and the removal of all content, which is asked about once more. */
function content({ id }) {
  const said = h("div");
  const { place, attempt } = attempts();
  const remove = async () => {
    await call("DELETE", pathOf(["executions", id, "content"]));
    again();
  };
  // A plain link could not say who asks.
  const download = async () =>
    save(await call("GET", pathOf(["executions", id, "input"]), { as: "blob" }), `dataset-${id}.json`);
  const answers = () => [
    h("button", { type: "button", click: () => attempt(remove) }, say("content.remove")),
    h("button", { type: "button", click: () => fill(said) }, say("content.keep")),
  ];
  const sure = () =>
    fill(said, h("div", { class: "note" }, h("p", {}, say("content.sure")), h("div", { class: "row" }, answers())));
  return [
    h("h2", {}, say("content")),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", click: () => attempt(download) }, say("content.input")),
      h("button", { type: "button", click: sure }, say("content.remove")),
    ),
    said,
    place,
  ];
}
