// @ts-check
// A form that runs a script on a dataset, which is pasted, dropped or chosen.

/** @import { Attempt, Entered, Script, View, ViewContext } from "../types.js" */

import { get, pathOf, Refused, upload } from "../api.js";
import { headersOfFile, headersOfText } from "../dataset.js";
import { fill, h, newId } from "../dom.js";
import { exampleDataset } from "../example.js";
import { size } from "../formats.js";
import { keepDraft } from "../parts/draft.js";
import { drop } from "../parts/drop.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { choice } from "../parts/field.js";
import { submit as submitWith } from "../parts/submission.js";
import { go, href } from "../router.js";
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
  /** @type {Script} */
  const { name, latest_version: latest } = await get(pathOf(["scripts", script]), { signal });
  if (query.version) await get(pathOf(["scripts", name, "versions", query.version]), { signal }); // rejects without one
  const version = versionChoice(name, latest, query.version);
  const status = h("div", { role: "status" });
  const { errorArea, attempt, display, displayed } = withErrorDisplay();
  const dataset = datasetField(attempt);
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
      const { body, headers } = dataset.content();
      const { element, onProgress } = progress();
      fill(status, element);
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
  const intro = h("p", { class: "quiet" }, say("run.intro"));
  return { title: say("run.title", { name }), body: [intro, form], notice: draft.notice };
}

/**
 * A choice among the newest versions and the selected one. The address follows it, so that it outlasts a reload.
 * @param {string} name
 * @param {number} latest
 * @param {string | undefined} selected
 */
function versionChoice(name, latest, selected) {
  const numbers = Array.from({ length: Math.min(latest, MAX_VERSIONS) }, (_, i) => String(latest - i));
  if (selected && !numbers.includes(selected)) numbers.push(selected);
  /** @type {[string, string][]} */
  const options = [["", say("version.latest-is", { number: latest })]];
  for (const number of numbers) options.push([number, number]);
  /** @param {string} version */
  const choose = (version) => history.replaceState(null, "", href(["scripts", name, "run"], { version }));
  return choice(say("script.version"), options, { value: selected, choose });
}

/**
 * A field for a dataset; `content()` is its body with the headers of it, `read` and `write` are for its draft. `attempt`
 * displays errors of the example.
 * @param {Attempt} attempt
 */
function datasetField(attempt) {
  const id = newId("dataset");
  const text = h("textarea", { id, spellcheck: "false", placeholder: '[{"produto": "Empresarial"}]' });
  const about = h("p", { class: "quiet", role: "status" });
  /** @type {{ file: File | undefined }} */
  const selection = { file: undefined };
  const paste = h("button", { type: "button", click: () => select(undefined) }, say("run.paste"));
  /** @param {File | undefined} file */
  const select = (file) => {
    selection.file = file;
    text.hidden = Boolean(file);
    if (file) fill(about, `${file.name} (${size(file.size)}) `, paste);
    else fill(about);
  };
  const example = async () => {
    select(undefined);
    text.value = await exampleDataset();
  };
  const element = drop(
    { label: say("run.file"), accept: ".json,.ndjson,.jsonl,.gz,.zst", take: select },
    h(
      "div",
      { class: "row" },
      h("label", { for: id }, say("run.dataset")),
      h("button", { type: "button", click: () => attempt(example) }, say("run.example")),
    ),
    text,
    about,
  );
  const content = () =>
    selection.file
      ? { body: selection.file, headers: headersOfFile(selection.file.name) }
      : { body: text.value, headers: headersOfText(text.value) };
  const read = () => ({ text: text.value, file: selection.file });
  /** @param {Entered} entered */
  const write = ({ text: pasted, file }) => {
    text.value = typeof pasted === "string" ? pasted : "";
    select(file instanceof File ? file : undefined);
  };
  return { element, content, read, write };
}

function progress() {
  const words = h("p", {}, say("run.uploading"));
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("run.uploading") });
  /** @param {number} fraction */
  const onProgress = (fraction) => {
    bar.value = fraction;
    if (fraction === 1) fill(words, say("run.checking"));
  };
  return { element: h("div", {}, words, bar), onProgress };
}

/** 128 random bits. `randomUUID` exists only in secure contexts: HTTPS and localhost. */
const newIdempotencyKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
