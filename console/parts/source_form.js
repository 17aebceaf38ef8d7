// The form that a new script and a new version have in common: a source, its engine, and the limits of its runs.

import { Refused } from "../api.js";
import { h } from "../dom.js";
import { say } from "../words.js";
import { attempts } from "./attempt.js";
import { drop } from "./drop.js";
import { editor } from "./editor.js";
import { choice, field } from "./field.js";
import { wordsOf } from "./refusal.js";
import { textOf } from "./text_file.js";

const ENGINES = ["quickjs-ng", "dukpy"];
const LIMITS = ["wall_ms", "memory_bytes", "result_bytes", "log_bytes"];

/**
 * A form around a source; `fields` come before it. `host({ source, engine, limits })` sends it and goes on elsewhere; what
 * it is refused for is shown, at its line if it has one. `engine` is preselected; without one it is the service's default.
 * `take(file)` is told of a file whose text became the source. With the form comes its `attempt`, for what else may fail.
 */
export function sourceForm({ text, fields, engine = "", host, take = () => {} }) {
  const source = editor({ text, label: say("source") });
  const engines = engineChoice(engine);
  const limits = LIMITS.map((name) => [
    name,
    field(say(`limits.${name}`), { type: "number", min: 1, placeholder: say("limits.default") }),
  ]);
  const { place, attempt } = attempts();
  const button = h("button", { class: "primary" }, say("source.host"));
  const read = async (file) => {
    source.setText(await textOf(file));
    take(file);
  };
  const send = async () => {
    button.disabled = true;
    try {
      await host({ source: source.text(), engine: engines.input.value || null, limits: given(limits) });
    } catch (error) {
      source.mark(placesIn(error));
      throw error;
    } finally {
      button.disabled = false;
    }
  };
  const submit = (event) => {
    event.preventDefault();
    attempt(send);
  };
  const element = h(
    "form",
    { submit },
    fields,
    drop(
      { label: say("source.file"), accept: ".js,.mjs,text/javascript", take: (file) => attempt(() => read(file)) },
      source.element,
    ),
    engines.element,
    h("p", { class: "quiet" }, say("engine.about")),
    h(
      "details",
      {},
      h("summary", {}, say("limits")),
      h(
        "div",
        { class: "grid" },
        limits.map(([, one]) => one.element),
      ),
    ),
    place,
    h("div", { class: "row" }, button, h("span", { class: "quiet" }, say("editor.leave"))),
  );
  return { element, source, attempt };
}

/** A choice among the engines; one that this page does not know stays a choice if a version has it. */
function engineChoice(preselected) {
  const names = new Set([preselected, ...ENGINES].filter(Boolean));
  const options = [["", say("engine.default")], ...[...names].map((name) => [name, name])];
  return choice(say("engine"), options, { value: preselected });
}

const given = (limits) =>
  Object.fromEntries(limits.filter(([, one]) => one.input.value).map(([name, one]) => [name, Number(one.input.value)]));

/** The faults of a refused source that have a place in it. */
function placesIn(error) {
  const errors = error instanceof Refused ? (error.problem.errors ?? []) : [];
  return errors.filter((one) => one.line).map((one) => ({ ...one, message: wordsOf(one), severity: "error" }));
}
