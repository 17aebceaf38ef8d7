// @ts-check
// A form that creates a script.

/** @import { NewSource } from "../parts/source_form.js" */

import { pathOf, send } from "../api.js";
import { h } from "../dom.js";
import { exampleSource } from "../example.js";
import { takeHanded } from "../handed_file.js";
import { field } from "../parts/field.js";
import { sourceForm } from "../parts/source_form.js";
import { go } from "../router.js";
import { say } from "../words.js";

const TEMPLATE = "function process(data) {\n  return data;\n}\n";

export async function view() {
  const name = field(say("script.called"), {
    required: true,
    maxlength: "63",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "corporate-cards",
  });
  const description = field(say("script.description"), { autocomplete: "off" });
  /** @param {NewSource} source */
  const host = async (source) => {
    const script = { name: name.input.value, description: description.input.value, ...source };
    await send("POST", pathOf(["scripts"]), script);
    go(["scripts", script.name]);
  };
  /** @param {File} file */
  const take = (file) => {
    name.input.value ||= nameFrom(file.name);
  };
  const fields = h("div", { class: "grid" }, name.element, description.element);
  const { element, source, attempt, read } = sourceForm({ text: TEMPLATE, fields, host, take });
  const handed = takeHanded();
  if (handed) attempt(() => read(handed));
  const example = async () => {
    source.setText(await exampleSource());
    name.input.value ||= "corporate-cards";
  };
  const offer = h("button", { type: "button", click: () => attempt(example) }, say("source.example"));
  return { title: say("scripts.new"), body: [h("p", { class: "quiet" }, say("source.intro")), offer, element] };
}

/**
 * A valid script name that resembles a file name.
 * @param {string} file
 */
export const nameFrom = (file) =>
  file
    .replace(/\.[^.]*$/, "")
    .normalize("NFD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
