// @ts-check
// A form that runs a script on a dataset, which is pasted, dropped or chosen.

/**
 * @import { Conversion, CsvForm } from "../parts/csv_form.js"
 * @import { Attempt, Entered, Script, ServiceLimits, View, ViewContext } from "../types.js"
 */

import { get, pathOf, Refused, upload } from "../api.js";
import { csvHead } from "../csv_file.js";
import { headersOfFile, headersOfText, isCompressed } from "../dataset.js";
import { fill, h, newId } from "../dom.js";
import { exampleDataset } from "../example.js";
import { size } from "../formats.js";
import { csvForm } from "../parts/csv_form.js";
import { keepDraft } from "../parts/draft.js";
import { drop } from "../parts/drop.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { choice } from "../parts/field.js";
import { submit as submitWith } from "../parts/submission.js";
import { go, remember } from "../router.js";
import { refuseLarger, serviceLimits } from "../service_limits.js";
import { say } from "../words.js";

const MAX_VERSIONS = 200;

/**
 * The idempotency keys of requests without a response, by their errors: the page shows these in another language too.
 * @type {WeakMap<Refused, string>}
 */
const retryKeys = new WeakMap();

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script, query, signal }) {
  /** @type {[Script, ServiceLimits | null]} */
  const [{ name, latest_version: latest }, limits] = await Promise.all([
    get(pathOf(["scripts", script]), { signal }),
    serviceLimits(),
  ]);
  if (query.version) await get(pathOf(["scripts", name, "versions", query.version]), { signal }); // rejects without one
  const version = versionChoice(latest, query.version);
  const status = h("div", { role: "status" });
  const { errorArea, attempt, display, displayed } = withErrorDisplay();
  const dataset = datasetField(attempt, limits?.dataset_bytes);
  const button = h("button", { class: "primary" }, say("run.submit"));
  const draft = keepDraft({ key: `run/${name}`, read: dataset.read, write: dataset.write, error: displayed, signal });
  /** @type {{ key: string | undefined }} */
  const retry = { key: draft.error instanceof Refused ? retryKeys.get(draft.error) : undefined };
  const send = async () => {
    const path = version.input.value
      ? ["scripts", name, "versions", version.input.value, "executions"]
      : ["scripts", name, "executions"];
    retry.key ??= newIdempotencyKey();
    const entered = dataset.read();
    try {
      const { element, onProgress, onConversion } = progress();
      fill(status, element);
      const { body, headers } = await dataset.content({ signal, onProgress: onConversion });
      const sent = { ...headers, "Idempotency-Key": retry.key };
      /** @type {{ id: string }} */
      const { id } = await upload(pathOf(path), body, sent, { signal, onProgress });
      draft.settle(entered);
      go(["executions", id]);
    } catch (error) {
      // A request without a response is retried under its key; after a refusal, the corrected one is a new request.
      if (error instanceof Refused && error.problem.status) retry.key = undefined;
      else if (error instanceof Refused) retryKeys.set(error, retry.key);
      fill(status);
      throw error;
    }
  };
  const run = () => submitWith(button, send);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(run);
  };
  const changed = () => {
    retry.key = undefined;
    const error = displayed();
    if (error instanceof Refused) retryKeys.delete(error);
    draft.changed();
  };
  const form = h(
    "form",
    { submit, input: changed, change: changed, drop: changed },
    h("div", { class: "row" }, version.element),
    dataset.element,
    status,
    errorArea,
    h("div", { class: "row" }, button),
  );
  if (draft.error) display(draft.error, run);
  const formats = limits && say("run.formats", { most: size(limits.dataset_bytes) });
  const intro = [h("p", { class: "quiet" }, say("run.intro")), h("p", { class: "quiet" }, formats)];
  return { title: say("run.title", { name }), body: [intro, form], notice: draft.notice };
}

/**
 * A choice among the newest versions and the selected one. The address follows it, so that it outlasts a reload.
 * @param {number} latest
 * @param {string | undefined} selected
 */
function versionChoice(latest, selected) {
  const numbers = Array.from({ length: Math.min(latest, MAX_VERSIONS) }, (_, i) => String(latest - i));
  if (selected && !numbers.includes(selected)) numbers.push(selected);
  /** @type {[string, string][]} */
  const options = [["", say("version.latest-is", { number: latest })]];
  for (const number of numbers) options.push([number, number]);
  return choice(say("script.version"), options, { value: selected, choose: (version) => remember({ version }) });
}

/**
 * A field for a dataset; `content()` is its body with the headers of it, `read` and `write` are for its draft. `attempt`
 * displays errors of files and of the example. A file of more than `mostBytes` is refused; compressed files and CSV have
 * another size as JSON.
 * @param {Attempt} attempt
 * @param {number | undefined} mostBytes
 */
function datasetField(attempt, mostBytes) {
  const id = newId("dataset");
  const text = h("textarea", { id, spellcheck: "false", placeholder: '[{"produto": "Empresarial"}]' });
  const about = h("p", { class: "quiet", role: "status" });
  const options = h("div");
  /** @type {Promise<unknown>} */
  let taken = Promise.resolve();
  /** @type {{ file: File | undefined, csv: CsvForm | null }} */
  const selection = { file: undefined, csv: null };
  const edited = () => text.dispatchEvent(new Event("input", { bubbles: true }));
  const pasting = () => {
    select(undefined);
    edited();
  };
  const paste = h("button", { type: "button", click: pasting }, say("run.paste"));
  /** @param {File} file */
  const take = async (file) => {
    const head = await csvHead(file);
    if (!head && !isCompressed(file.name)) refuseLarger(file, mostBytes);
    select(file, head && csvForm(head, mostBytes));
  };
  /** @param {File} file */
  const choose = (file) => attempt(() => (taken = take(file)));
  /**
   * @param {File | undefined} file
   * @param {CsvForm | null} csv
   */
  const select = (file, csv = null) => {
    Object.assign(selection, { file, csv });
    fill(options, csv?.element);
    text.hidden = Boolean(file);
    if (file) fill(about, `${file.name} (${size(file.size)}) `, paste);
    else fill(about);
  };
  const example = async () => {
    select(undefined);
    text.value = await exampleDataset();
    edited();
  };
  const element = drop(
    {
      label: say("run.file"),
      accept: ".json,.ndjson,.jsonl,.csv,.tsv,.gz,.zst",
      take: choose,
    },
    h(
      "div",
      { class: "row" },
      h("label", { for: id }, say("run.dataset")),
      h("button", { type: "button", click: () => attempt(example) }, say("run.example")),
    ),
    text,
    about,
    options,
  );
  /** @param {Conversion} conversion */
  const content = async (conversion) => {
    await taken.catch(() => undefined); // its error is on the page
    const { file, csv } = selection;
    if (csv) return { body: await csv.json(conversion), headers: headersOfFile(".json") };
    return file
      ? { body: file, headers: headersOfFile(file.name) }
      : { body: text.value, headers: headersOfText(text.value) };
  };
  const read = () => ({ text: text.value, file: selection.file });
  /** @param {Entered} entered */
  const write = ({ text: pasted, file }) => {
    text.value = typeof pasted === "string" ? pasted : "";
    if (file instanceof File) choose(file);
    else select(undefined);
  };
  return { element, content, read, write };
}

function progress() {
  const words = h("p", {}, say("run.uploading"));
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("run.uploading") });
  /**
   * @param {string} now
   * @param {number} fraction
   */
  const show = (now, fraction) => {
    bar.value = fraction;
    if (words.textContent !== now) fill(words, now);
  };
  return {
    element: h("div", {}, words, bar),
    /** @param {number} fraction */
    onConversion: (fraction) => show(say("run.converting"), fraction),
    /** @param {number} fraction */
    onProgress: (fraction) => show(say(fraction === 1 ? "run.checking" : "run.uploading"), fraction),
  };
}

/** 128 random bits. `randomUUID` exists only in secure contexts: HTTPS and localhost. */
const newIdempotencyKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
