// @ts-check
// A field for the lines of a batch, which are pasted, dropped or chosen as a file. The worker reads them, and makes lines of
// datasets.

/**
 * @import { CsvForm } from "../parts/csv_form.js"
 * @import { Entered, ServiceLimits, ResultStore } from "../types.js"
 * @import { LineForm, SurveyedLines } from "./types.js"
 */

import { unusable } from "../api.js";
import { counted } from "../counts.js";
import { csvHead } from "../csv_file.js";
import { headersOfFile, isCompressed } from "../dataset.js";
import { fill, h, newId } from "../dom.js";
import { count, size } from "../formats.js";
import { csvForm } from "../parts/csv_form.js";
import { drop } from "../parts/drop.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { choice } from "../parts/field.js";
import { latest } from "../results/latest.js";
import { refuseLarger } from "../service_limits.js";
import { say } from "../words.js";
import { faultsOf, faultText, LINE_EXAMPLE, previewTable, summaryOf } from "./preview.js";

const TYPING_MS = 400;
const MEDIA_TYPE = { "Content-Type": "application/x-ndjson" };
const PLACEHOLDER = '{"ref": "2024-Q1", "data": [{"produto": "Empresarial"}]}\n{"ref": "2024-Q2", "data": []}';

/** The source of the lines, and how it is read; the lines are undefined until they are known, null if there is no text. */
/** @typedef {{ file: File | undefined, csv: CsvForm | null, encoding?: string, form?: LineForm, ref?: string }} Selection */

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
  const choices = h("div", { class: "row choices" });
  /** @type {Selection} */
  let selection = { file: undefined, csv: null };
  /** @type {SurveyedLines | undefined} */
  let lines;
  /** @type {Promise<unknown>} */
  let known = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const { errorArea, attempt } = withErrorDisplay();
  const survey = latest(() => attempt(surveyed));
  const element = drop(
    {
      label: say("run.file"),
      accept: ".ndjson,.jsonl,.json,.csv,.tsv,.gz,.zst",
      take: choose,
    },
    h("label", { for: id }, say("batch.lines")),
    text,
    about,
    options,
    choices,
    errorArea,
    summary,
    preview,
  );
  return { element, content, read, write };

  function typed() {
    clearTimeout(timer);
    selection = { file: undefined, csv: null };
    timer = setTimeout(look, TYPING_MS);
  }

  /** Read the source again. */
  function look() {
    clearTimeout(timer);
    timer = undefined;
    known = survey();
  }

  /** @param {File} file */
  function choose(file) {
    known = attempt(() => take(file));
    changed();
  }

  /** @param {File} file */
  async function take(file) {
    if (isCompressed(file.name)) return select({ file, csv: null });
    const head = await csvHead(file);
    if (!head) refuseLarger(file, limits?.dataset_bytes);
    const csv =
      head &&
      csvForm(head, limits?.dataset_bytes, { about: say("batch.source.csv.about"), hasPreview: false, changed: look });
    await select({ file, csv, encoding: head?.encoding });
  }

  /** @param {Selection} next */
  function select(next) {
    selection = next;
    const { file, csv } = next;
    fill(options, csv?.element);
    text.hidden = Boolean(file);
    if (file) fill(about, `${file.name} (${size(file.size)}) `, pasteButton());
    else fill(about);
    return survey();
  }

  function pasteButton() {
    const paste = () => {
      known = select({ file: undefined, csv: null });
      changed();
      text.focus();
    };
    return h("button", { type: "button", class: "small", click: paste }, say("run.paste"));
  }

  async function surveyed() {
    const { file, csv, encoding, form, ref } = selection;
    const now = selection;
    lines = undefined;
    if (file && isCompressed(file.name)) return show(say("batch.compressed"));
    if (!file && text.value.trim() === "") return show("");
    if (file) fill(summary, say("batch.reading"));
    const source = { file: file ?? new Blob([text.value]), encoding, csv: csv?.format, form, ref };
    const found = await store.query("surveyLines", source);
    if (selection !== now) return; // another survey is under way
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
    const focused = selects().indexOf(/** @type {HTMLSelectElement} */ (document.activeElement));
    fill(choices, found && choicesFor(found));
    selects()[focused]?.focus(); // the one that was changed
    fill(preview, found && [faultsOf(found), previewTable(found.preview)]);
  }

  function selects() {
    return [...choices.querySelectorAll("select")];
  }

  /** @param {SurveyedLines} found */
  function choicesFor({ kind, form, members }) {
    /** @param {Partial<Selection>} chosen */
    const choosing = (chosen) => {
      selection = { ...selection, ...chosen };
      look();
      changed();
    };
    const forms = choice(
      say("batch.form"),
      [
        ["lines", say("batch.form.lines", { example: LINE_EXAMPLE })],
        ["datasets", say("batch.form.datasets")],
      ],
      { value: form, choose: (one) => choosing({ form: one === "lines" ? "lines" : "datasets", ref: undefined }) },
    );
    const refs = choice(
      say("batch.ref.from"),
      [["", say("batch.ref.none")], ...members.map((name) => /** @type {const} */ ([name, name]))],
      { value: selection.ref ?? "", choose: (one) => choosing({ ref: one === "" ? undefined : one }) },
    );
    return [
      kind !== "csv" && forms.element,
      form === "datasets" && members.length > 0 && refs.element,
      form === "datasets" && selection.ref !== undefined && h("p", { class: "quiet" }, say("batch.refs.about")),
    ];
  }

  /** The body and its headers. Rejects with `Refused` if the lines cannot be sent. */
  async function content() {
    if (timer !== undefined) look();
    await known;
    const { file } = selection;
    if (file && isCompressed(file.name)) return { body: file, headers: { ...headersOfFile(file.name), ...MEDIA_TYPE } };
    if (!lines) throw unusable(() => say(file ? "batch.not-utf8" : "batch.empty"));
    return { body: checked(lines).body, headers: MEDIA_TYPE };
  }

  /** @param {SurveyedLines} found */
  function checked(found) {
    const { faults, count: number, body } = found;
    if (faults.length > 0)
      throw unusable(
        () => say("batch.invalid"),
        () => faultText(faults[0]),
      );
    if (number === 0) throw unusable(() => say("batch.empty"));
    if (limits && number > limits.batch_lines)
      throw unusable(() =>
        say("batch.too-many", { lines: counted("batch.lines", number), most: count(limits.batch_lines) }),
      );
    refuseLarger({ name: say("batch"), size: body.size }, limits?.dataset_bytes);
    return found;
  }

  function read() {
    return { text: text.value, file: selection.file };
  }

  /** @param {Entered} entered */
  function write({ text: pasted, file }) {
    text.value = typeof pasted === "string" ? pasted : "";
    known = file instanceof File ? attempt(() => take(file)) : select({ file: undefined, csv: null });
  }
}
