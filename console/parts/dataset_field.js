// @ts-check
// A field for a dataset, which is pasted, dropped, chosen as a file or the example's.

/**
 * @import { Conversion, CsvForm } from "./csv_form.js"
 * @import { Attempt, Entered } from "../types.js"
 */

import { csvHead } from "../csv_file.js";
import { headersOfFile, headersOfText, isCompressed } from "../dataset.js";
import { fill, h, newId } from "../dom.js";
import { exampleDataset } from "../example.js";
import { size } from "../formats.js";
import { refuseLarger } from "../service_limits.js";
import { say } from "../words.js";
import { csvForm } from "./csv_form.js";
import { drop } from "./drop.js";

/**
 * A field for a dataset; `content()` is its body with the headers of it, `read` and `write` are for its draft. `attempt`
 * displays errors of files and of the example. A file of more than `mostBytes` is refused; compressed files and CSV have
 * another size as JSON.
 * @param {Attempt} attempt
 * @param {number | undefined} mostBytes
 */
export function datasetField(attempt, mostBytes) {
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
      formats: mostBytes === undefined ? undefined : () => say("run.formats", { most: size(mostBytes) }),
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
  /** Resolves when a file that was chosen last is selected or refused. */
  const ready = () => taken.catch(() => undefined);
  /** @param {Conversion} conversion */
  const content = async (conversion) => {
    await ready(); // an error of a file is on the page
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
  return { element, content, ready, read, write };
}
