// @ts-check
// The form that a new script and a new version share: a source, its engine, and the limits of its runs.

/** @import { Content, Limits, Mark } from "../types.js" */

import { Refused } from "../api.js";
import { h } from "../dom.js";
import { size } from "../formats.js";
import { limitHint } from "../service_limits.js";
import { say } from "../words.js";
import { drop } from "./drop.js";
import { editor } from "./editor.js";
import { withErrorDisplay } from "./error_display.js";
import { choice } from "./field.js";
import { enteredLimits, limitField } from "./limit_field.js";
import { errorText } from "./refusal.js";
import { textOf } from "./text_file.js";

const ENGINES = ["quickjs-ng", "dukpy"];
/** @type {(keyof Limits)[]} */
const LIMITS = ["wall_ms", "memory_bytes", "result_bytes", "log_bytes"];

/** @typedef {{ source: string, engine: string | null, limits: Record<string, number | null> }} NewSource */

/**
 * @typedef {object} SourceFormOptions
 * @property {string} text The source at first.
 * @property {Content} fields Fields before the source.
 * @property {string} [engine] The selected engine; the default of the service without one.
 * @property {(sent: NewSource) => Promise<void>} host Sends the source and leaves the form. Errors with a line are marked.
 * @property {(file: File) => void} [take] Called with a file whose text became the source.
 */

/**
 * A form around a source. Its `attempt` displays errors of other work in the form, and its `read` reads a file into it.
 * @param {SourceFormOptions} options
 */
export function sourceForm({ text, fields, engine = "", host, take }) {
  const source = editor({ text, label: say("source") });
  const engines = engineChoice(engine);
  const limits = LIMITS.map(limitField);
  const { errorArea, attempt } = withErrorDisplay();
  const button = h("button", { class: "primary" }, say("source.host"));
  /** @param {File} file */
  const read = async (file) => {
    source.setText(await textOf(file));
    take?.(file);
  };
  const send = async () => {
    button.disabled = true;
    try {
      await host({ source: source.text(), engine: engines.input.value || null, limits: enteredLimits(limits) });
    } catch (error) {
      source.mark(marksOf(error));
      throw error;
    } finally {
      button.disabled = false;
    }
  };
  /** @param {SubmitEvent} event */
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
      limitHint(({ source_bytes }) => say("source.formats", { most: size(source_bytes) })),
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
        limits.map(({ element }) => element),
      ),
    ),
    errorArea,
    h("div", { class: "row" }, button, h("span", { class: "quiet" }, say("editor.leave"))),
  );
  return { element, source, attempt, read };
}

/**
 * A choice among the engines, and the selected one if this console does not know it.
 * @param {string} selected
 */
function engineChoice(selected) {
  const names = new Set([selected, ...ENGINES].filter(Boolean));
  /** @type {[string, string][]} */
  const options = [
    ["", say("engine.default")],
    ...[...names].map((name) => /** @type {[string, string]} */ ([name, name])),
  ];
  return choice(say("engine"), options, { value: selected });
}

/**
 * The errors of a refused source that have a line.
 * @param {unknown} error
 * @returns {Mark[]}
 */
function marksOf(error) {
  const errors = error instanceof Refused ? (error.problem.errors ?? []) : [];
  return errors.filter(({ line }) => line).map((each) => ({ ...each, message: errorText(each), severity: "error" }));
}
