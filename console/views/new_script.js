// Hosts a new script.

import { pathOf, send } from "../api.js";
import { h } from "../dom.js";
import { exampleSource } from "../example.js";
import { field } from "../parts/field.js";
import { sourceForm } from "../parts/source_form.js";
import { go } from "../router.js";
import { say } from "../words.js";

const BEGUN = "function process(data) {\n  return data;\n}\n";

export async function view() {
  const name = field(say("script.called"), {
    required: true,
    maxlength: "63",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "corporate-cards",
  });
  const description = field(say("script.description"), { autocomplete: "off" });
  const host = async (sent) => {
    const value = { name: name.input.value, description: description.input.value, ...sent };
    await send("POST", pathOf(["scripts"]), value);
    go(["scripts", value.name]);
  };
  const take = (file) => {
    name.input.value ||= nameFrom(file.name);
  };
  const fields = h("div", { class: "grid" }, name.element, description.element);
  const { element, source, attempt } = sourceForm({ text: BEGUN, fields, host, take });
  const example = async () => {
    source.setText(await exampleSource());
    name.input.value ||= "corporate-cards";
  };
  const offer = h("button", { type: "button", click: () => attempt(example) }, say("source.example"));
  return { title: say("scripts.new"), body: [h("p", { class: "quiet" }, say("source.intro")), offer, element] };
}

/** A name that a script may have, as near as can be to its file's. */
export const nameFrom = (file) =>
  file
    .replace(/\.[^.]*$/, "")
    .normalize("NFD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
