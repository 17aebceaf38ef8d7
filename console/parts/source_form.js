// @ts-check
// The form that a new script and a new version share: a source, its engine, and the limits of its runs.

/** @import { Content, Entered, Limits, Origin } from "../types.js" */
/** @import { LimitField } from "./limit_field.js" */

import { h } from "../dom.js";
import { size } from "../formats.js";
import { say } from "../words.js";
import { keepDraft } from "./draft.js";
import { drop } from "./drop.js";
import { editor } from "./editor.js";
import { withErrorDisplay } from "./error_display.js";
import { choice } from "./field.js";
import { enteredLimits, limitField } from "./limit_field.js";
import { marksOf } from "./source_marks.js";
import { submit as submitWith } from "./submission.js";
import { SOURCE_KINDS, textOf } from "./text_file.js";
import { tryPanel } from "./try_panel.js";
import { workbench } from "./workbench.js";

const ENGINES = ["quickjs-ng", "dukpy"];
/** @type {(keyof Limits)[]} */
const LIMITS = ["wall_ms", "memory_bytes", "result_bytes", "log_bytes"];

/** @typedef {{ source: string, engine: string | null, limits: Record<string, number | null> }} NewSource */

/**
 * The draft of a form, as parts/draft.js keeps it.
 * @typedef {object} SourceDraft
 * @property {string} key
 * @property {Origin} [origin]
 * @property {(time: string, origin: Origin) => string} [describe]
 * @property {AbortSignal} signal
 */

/**
 * @typedef {object} SourceFormOptions
 * @property {string} text The source at first.
 * @property {SourceDraft} draft
 * @property {Content} fields Fields before the source.
 * @property {Record<string, HTMLInputElement>} [inputs] The inputs of these fields, by their names in the draft.
 * @property {string} [engine] The selected engine; the default of the service without one.
 * @property {(sent: NewSource, settle: () => void) => Promise<void>} host Sends the source, calls `settle`, which forgets
 *   the draft, and leaves the form. Errors with a line are marked.
 * @property {Content} [choices] Choices before the button.
 * @property {string} [save] The words of the button.
 * @property {(file: File) => void} [take] Called with a file whose text became the source.
 * @property {{ script: string, version: number }} [compared] The version with whose result that of a try is compared.
 */

/**
 * A form around a source, with a panel beside it that tries the source. Its `attempt` displays errors of other work in the form, and its `load` reads a file into it;
 * `notice` and `origin` are those of a restored draft, and `loadSample` takes the dataset of an execution and tries it.
 * @param {SourceFormOptions} options
 */
export function sourceForm({
  text,
  draft,
  fields,
  inputs = {},
  engine = "",
  host,
  take,
  compared,
  choices,
  save: words,
}) {
  const source = editor({ text, label: say("source") });
  const engines = engineChoice(engine);
  const limits = LIMITS.map(limitField);
  const { errorArea, attempt, display, displayed } = withErrorDisplay();
  const button = h("button", { class: "primary", "data-needs": "scripts:write" }, words ?? say("source.host"));
  const controls = controlsOf({ ...inputs, engine: engines.input }, limits);
  const read = () => ({ source: source.text(), ...valuesOf(controls) });
  /** @param {Entered} entered */
  const write = (entered) => {
    source.setText(String(entered.source ?? ""));
    for (const [name, control] of controls) control.value = String(entered[name] ?? "");
    for (const { check } of limits) check();
  };
  const { changed, settle, notice, origin, error } = keepDraft({ ...draft, read, write, error: displayed });
  /** @param {File} file */
  const load = async (file) => {
    source.setText(await textOf(file));
    take?.(file);
  };
  /** @param {unknown} refused */
  const mark = (refused) => source.mark(marksOf(refused));
  const entered = () => ({
    source: source.text(),
    engine: engines.input.value || null,
    limits: enteredLimits(limits),
  });
  const send = async () => {
    const sent = read();
    try {
      await host(entered(), () => settle(sent));
    } catch (refused) {
      mark(refused);
      throw refused;
    }
  };
  const save = () => submitWith(button, send);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(save);
  };
  if (error) {
    display(error, save);
    mark(error);
  }
  const trial = tryPanel({
    script: compared?.script,
    source: () => ({ ...entered(), ...compared }),
    mark: (marks) => source.mark(marks, { isRevealed: false }),
    signal: draft.signal,
  });
  const edited = () => {
    changed();
    trial.edited();
  };
  const form = h(
    "form",
    { submit, input: edited, change: edited },
    fields,
    drop(
      {
        label: say("source.file"),
        accept: SOURCE_KINDS,
        formats: ({ source_bytes }) => say("source.formats", { most: size(source_bytes) }),
        take: (file) => attempt(() => load(file)),
      },
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
        limits.map(({ element }) => element),
      ),
    ),
    choices,
    errorArea,
    h("div", { class: "row" }, button, h("span", { class: "quiet leave" }, say("editor.leave"))),
  );
  return { element: workbench(form, trial), source, attempt, load, notice, origin, loadSample: trial.load };
}

/**
 * The controls of a form by their names in its draft.
 * @param {Record<string, HTMLInputElement | HTMLSelectElement>} named
 * @param {LimitField[]} limits
 */
const controlsOf = (named, limits) =>
  Object.entries({ ...named, ...Object.fromEntries(limits.map(({ name, input }) => [name, input])) });

/** @param {[string, HTMLInputElement | HTMLSelectElement][]} controls */
const valuesOf = (controls) => Object.fromEntries(controls.map(([name, { value }]) => [name, value]));

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
