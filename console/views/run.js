// Runs a script on a dataset, which is pasted, dropped or chosen.

import { get, pathOf, upload } from "../api.js";
import { headersOfFile, headersOfText } from "../dataset.js";
import { fill, h, newId } from "../dom.js";
import { exampleDataset } from "../example.js";
import { size } from "../formats.js";
import { attempts } from "../parts/attempt.js";
import { drop } from "../parts/drop.js";
import { choice } from "../parts/field.js";
import { go } from "../router.js";
import { say } from "../words.js";

export async function view({ script, query, signal }) {
  const { name, latest_version: latest } = await get(pathOf(["scripts", script]), { signal });
  const numbers = Array.from({ length: latest }, (_, i) => String(latest - i)).slice(0, 200);
  const options = [["", say("version.latest")], ...numbers.map((number) => [number, number])];
  const version = choice(say("script.version"), options, { value: query.version });
  const said = h("div", { role: "status" });
  const { place, attempt } = attempts();
  const dataset = datasetField(attempt);
  const button = h("button", { class: "primary" }, say("run.submit"));
  const again = { key: undefined };
  const send = async () => {
    const path = version.input.value
      ? ["scripts", name, "versions", version.input.value, "executions"]
      : ["scripts", name, "executions"];
    button.disabled = true;
    again.key ??= newIdempotencyKey();
    try {
      const { body, headers } = dataset.given();
      const { element, onProgress } = progress();
      fill(said, element);
      const sent = { ...headers, "Idempotency-Key": again.key };
      const { id } = await upload(pathOf(path), body, sent, { signal, onProgress });
      go(["executions", id]);
    } catch (error) {
      // What did not arrive is tried again under its key; what was refused is another request when it is mended.
      if (error.problem?.status) again.key = undefined;
      fill(said);
      throw error;
    } finally {
      button.disabled = false;
    }
  };
  const submit = (event) => {
    event.preventDefault();
    attempt(send);
  };
  const changed = () => (again.key = undefined);
  const form = h(
    "form",
    { submit, input: changed, change: changed, drop: changed },
    h("div", { class: "row" }, version.element),
    dataset.element,
    said,
    place,
    h("div", { class: "row" }, button),
  );
  return { title: say("run.title", { name }), body: [h("p", { class: "quiet" }, say("run.intro")), form] };
}

/** A place for a dataset; `given()` is its body with the headers that name it. The example comes by `attempt`. */
function datasetField(attempt) {
  const id = newId("dataset");
  const text = h("textarea", { id, spellcheck: "false", placeholder: '[{"produto": "Empresarial"}]' });
  const about = h("p", { class: "quiet", role: "status" });
  const held = { file: undefined };
  const forget = h("button", { type: "button", click: () => hold(undefined) }, say("run.paste"));
  const hold = (file) => {
    held.file = file;
    text.hidden = Boolean(file);
    if (file) fill(about, `${file.name} (${size(file.size)}) `, forget);
    else fill(about);
  };
  const example = async () => {
    hold(undefined);
    text.value = await exampleDataset();
  };
  const element = drop(
    { label: say("run.file"), accept: ".json,.ndjson,.jsonl,.gz,.zst", take: hold },
    h(
      "div",
      { class: "row" },
      h("label", { for: id }, say("run.dataset")),
      h("button", { type: "button", click: () => attempt(example) }, say("run.example")),
    ),
    text,
    about,
  );
  const given = () =>
    held.file
      ? { body: held.file, headers: headersOfFile(held.file.name) }
      : { body: text.value, headers: headersOfText(text.value) };
  return { element, given };
}

function progress() {
  const words = h("p", {}, say("run.uploading"));
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("run.uploading") });
  const onProgress = (part) => {
    bar.value = part;
    if (part === 1) fill(words, say("run.checking"));
  };
  return { element: h("div", {}, words, bar), onProgress };
}

/** 128 random bits; `randomUUID` is there for addresses with a certificate and this machine alone. */
const newIdempotencyKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
