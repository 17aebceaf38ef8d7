// @ts-check
// A field for the dataset that a source is tried on. It outlasts the form beside it: there is one for each script.

/**
 * @import { Attempt, Entered } from "../types.js"
 * @import { Sample } from "../sample.js"
 */

import { getBeginning, pathOf } from "../api.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { MAX_SAMPLE_BYTES, sampleOf } from "../sample.js";
import { datasetField } from "./dataset_field.js";
import { keepDraft } from "./draft.js";
import { executionChoice } from "./execution_choice.js";

/** Longer texts are handled as files, since browsers are slow with long lines in a text field. */
const MAX_SHOWN_CHARACTERS = 2 ** 16;

/**
 * The key of the draft of a script's sample. A script that is not saved yet has no name.
 * @param {string} [script]
 */
export const sampleKey = (script = "") => `try/${script}`;

/**
 * @param {object} options
 * @param {string | undefined} options.script The script whose executions' datasets are offered.
 * @param {Attempt} options.attempt
 * @param {() => void} options.changed
 * @param {AbortSignal} options.signal
 */
export function sampleField({ script, attempt, changed, signal }) {
  const dataset = datasetField(attempt, undefined);
  const about = h("p", { class: "quiet" });
  /** @type {Promise<Sample | undefined> | undefined} */
  let taken;
  /** @type {Sample | undefined} The sample that was taken last, unless the dataset was changed since. */
  let known;
  const read = () => {
    const { text, file } = dataset.read();
    return file ? { name: file.name, sample: known?.text } : { text };
  };
  /** @param {Entered} entered */
  const write = ({ text, name, sample }) => {
    if (typeof sample === "string") writeSample({ text: sample }, String(name));
    else dataset.write({ text });
  };
  const draft = keepDraft({ key: sampleKey(script), read, write, error: () => undefined, signal });
  /** @param {Event} event */
  const edited = ({ type }) => {
    [taken, known] = [undefined, undefined];
    notify();
    if (type !== "input") attempt(takeFile);
  };
  /** @param {string} id */
  const load = async (id) => {
    const beginning = await getBeginning(pathOf(["executions", id, "input"]), MAX_SAMPLE_BYTES + 1, { signal });
    writeSample(await sampleOf({ body: beginning, headers: {} }), `dataset-${shortId(id)}`);
    notify();
  };
  const element = h(
    "div",
    { input: edited, change: edited, drop: edited },
    dataset.element,
    script && h("div", { class: "row" }, executionChoice({ script, choose: load, signal })),
    about,
  );
  return { element, sample, load };

  /**
   * @param {Sample} made
   * @param {string} name
   */
  function writeSample(made, name) {
    const { text } = made;
    if (text.length <= MAX_SHOWN_CHARACTERS) dataset.write({ text });
    else dataset.write({ file: new File([text], name.endsWith(".json") ? name : `${name}.json`) });
    known = made;
    taken = Promise.resolve(made);
  }

  function notify() {
    fill(about, known?.records !== undefined && counted("try.records", known.records));
    draft.changed();
    changed();
  }

  /** The sample, which is taken once for each dataset; undefined without one. */
  function sample() {
    taken ??= take();
    return taken;
  }

  /** Take a file at once, because its sample outlasts a reload, and the file does not. */
  async function takeFile() {
    await dataset.ready();
    if (dataset.read().file) await sample();
  }

  async function take() {
    const content = await dataset.content({ signal, onProgress: () => undefined });
    if (typeof content.body === "string" && !content.body.trim()) return undefined;
    known = await sampleOf(content);
    fill(about, known.records !== undefined && counted("try.records", known.records));
    draft.changed();
    return known;
  }
}
