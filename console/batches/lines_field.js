// @ts-check
// A field for the lines of a batch, which are pasted, dropped or chosen as a file. The worker reads them, and makes lines of
// datasets.

/**
 * @import { CsvForm } from "../parts/csv_form.js"
 * @import { Entered, ServiceLimits, ResultStore } from "../types.js"
 * @import { LineForm, SurveyedLines } from "./types.js"
 */

import { unusable } from "../api.js";
import { csvHead } from "../csv_file.js";
import { headersOfFile, isCompressed } from "../dataset.js";
import { fill, h, newId } from "../dom.js";
import { count, size } from "../formats.js";
import { csvForm } from "../parts/csv_form.js";
import { drop } from "../parts/drop.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { refuseLarger } from "../service_limits.js";
import { say } from "../words.js";
import { checkLines } from "./check_lines.js";
import { lineChoices } from "./line_choices.js";
import { faultsOf, previewTable, summaryOf } from "./preview.js";

const TYPING_MS = 400;
const MEDIA_TYPE = { "Content-Type": "application/x-ndjson" };
const PLACEHOLDER = '{"ref": "2024-Q1", "data": [{"produto": "Empresarial"}]}\n{"ref": "2024-Q2", "data": []}';

/** The source of the lines, and how it is read. */
/** @typedef {{ file: File | undefined, csv: CsvForm | null, encoding?: string, form?: LineForm, ref?: string }} Selection */

/** @type {Selection} */
const NOTHING = { file: undefined, csv: null };

/**
 * A field for the lines of a batch; `content()` is the body with its headers, `read` and `write` are for its draft.
 * @param {object} options
 * @param {ServiceLimits | null} options.limits
 * @param {ResultStore} options.store
 * @param {() => void} options.changed Called after a change other than an input.
 */
export function linesField({ limits, store, changed }) {
  const id = newId("lines");
  const text = h("textarea", { id, spellcheck: "false", placeholder: PLACEHOLDER, input: typed });
  const about = h("p", { class: "quiet" });
  const summary = h("p", { role: "status" });
  const [options, preview] = [h("div"), h("div")];
  const choices = lineChoices((chosen) => {
    selection = { ...selection, ...chosen };
    look();
    changed();
  });
  /** @type {Selection} */
  let selection = NOTHING;
  /** @type {SurveyedLines | undefined} */
  let lines;
  /** @type {Promise<unknown>} */
  let known = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const { errorArea, attempt } = withErrorDisplay();
  const element = drop(
    {
      label: say("run.file"),
      accept: ".ndjson,.jsonl,.json,.csv,.tsv,.gz,.zst",
      formats: ({ batch_lines: lines, dataset_bytes: most }) =>
        say("batch.new.formats", { lines: count(lines), most: size(most) }),
      take: choose,
    },
    h("label", { for: id }, say("batch.lines")),
    text,
    about,
    options,
    choices.element,
    errorArea,
    summary,
    preview,
  );
  return { element, content, read, write };

  function typed() {
    clearTimeout(timer);
    selection = text.value.trim() === "" ? NOTHING : { ...selection, file: undefined, csv: null };
    timer = setTimeout(look, TYPING_MS);
  }

  /** Read the source as it is selected now. */
  function look() {
    clearTimeout(timer);
    timer = undefined;
    selection = { ...selection }; // another one than that of a survey under way
    known = attempt(survey);
    return known;
  }

  /** @param {File} file */
  function choose(file) {
    known = attempt(() => take(file));
    changed();
  }

  /**
   * @param {File} file
   * @param {Partial<Selection>} [chosen]
   */
  async function take(file, chosen) {
    if (isCompressed(file.name)) return select({ file, csv: null });
    const head = await csvHead(file);
    if (!head) refuseLarger(file, limits?.dataset_bytes);
    const csv =
      head &&
      csvForm(head, limits?.dataset_bytes, { about: say("batch.source.csv.about"), hasPreview: false, changed: look });
    return select({ file, csv, encoding: head?.encoding, ...chosen });
  }

  /** @param {Selection} next */
  function select(next) {
    selection = next;
    const { file, csv } = next;
    fill(options, csv?.element);
    text.hidden = Boolean(file);
    if (file) fill(about, `${file.name} (${size(file.size)}) `, pasteButton());
    else fill(about);
    return look();
  }

  function pasteButton() {
    const paste = () => {
      select(NOTHING);
      changed();
      text.focus();
    };
    return h("button", { type: "button", class: "small", click: paste }, say("run.paste"));
  }

  async function survey() {
    const now = selection;
    const { file, csv, encoding, form, ref } = now;
    lines = undefined;
    if (file && isCompressed(file.name)) return show(say("batch.compressed"));
    if (!file && text.value.trim() === "") return show("");
    if (file) fill(summary, say("batch.reading"));
    const source = { file: file ?? new Blob([text.value]), encoding, csv: csv?.format, form, ref };
    const found = await store.query("surveyLines", source);
    if (selection !== now) return; // another survey is under way
    if (found && ref !== undefined && !found.members.includes(ref)) now.ref = undefined;
    lines = found ?? undefined;
    if (found) show(summaryOf(found), found);
    else show(say("batch.not-utf8"));
  }

  /**
   * @param {string} words
   * @param {SurveyedLines} [found]
   */
  function show(words, found) {
    fill(summary, words);
    choices.show(found, selection.ref);
    fill(preview, found && [faultsOf(found), previewTable(found.preview)]);
  }

  /** The body and its headers. Rejects with `Refused` if the lines cannot be sent. */
  async function content() {
    if (timer !== undefined) look();
    await known;
    const { file } = selection;
    if (file && isCompressed(file.name)) return { body: file, headers: { ...headersOfFile(file.name), ...MEDIA_TYPE } };
    if (!lines) throw unusable(() => say(file ? "batch.not-utf8" : "batch.empty"));
    checkLines(lines, limits);
    return { body: lines.body, headers: MEDIA_TYPE };
  }

  function read() {
    return { text: text.value, file: selection.file, form: selection.form, ref: selection.ref };
  }

  /** @param {Entered} entered */
  function write({ text: pasted, file, form, ref }) {
    text.value = typeof pasted === "string" ? pasted : "";
    /** @type {Partial<Selection>} */
    const chosen = {
      form: form === "lines" || form === "datasets" ? form : undefined,
      ref: ref ? String(ref) : undefined,
    };
    if (file instanceof File) known = attempt(() => take(file, chosen));
    else select({ ...NOTHING, ...chosen });
  }
}
