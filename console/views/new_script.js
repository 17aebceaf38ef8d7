// @ts-check
// A form that creates a script.

/** @import { NewSource } from "../parts/source_form.js" */
/** @import { View, ViewContext } from "../types.js" */

import { pathOf, send } from "../api.js";
import { h } from "../dom.js";
import { EXAMPLE_NAME, exampleSource } from "../example.js";
import { takeHanded } from "../handed_file.js";
import { discardDraft, moveDraft } from "../parts/draft.js";
import { field } from "../parts/field.js";
import { nameField, nameFrom } from "../parts/name_field.js";
import { notifyNext } from "../parts/notices.js";
import { sampleKey } from "../parts/sample_field.js";
import { sourceForm } from "../parts/source_form.js";
import { go } from "../router.js";
import { say } from "../words.js";

const DRAFT = "new";
const TEMPLATE = "function process(data) {\n  return data;\n}\n";

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ signal }) {
  const handed = takeHanded();
  if (handed) discardDraft(DRAFT); // the file begins another script
  const name = nameField();
  const description = field(say("script.description"), { autocomplete: "off" });
  /**
   * @param {NewSource} source
   * @param {() => void} settle
   */
  const host = async (source, settle) => {
    const script = { name: name.input.value, description: description.input.value, ...source };
    await send("POST", pathOf(["scripts"]), script);
    settle();
    moveDraft(sampleKey(), sampleKey(script.name));
    notifyNext(() => say("version.created", { name: script.name, number: 1 }));
    if (!signal.aborted) go(["scripts", script.name]);
  };
  /** @param {string} suggested */
  const suggest = (suggested) => {
    name.input.value ||= suggested;
    name.check();
  };
  const { element, source, attempt, load, notice } = sourceForm({
    text: TEMPLATE,
    draft: { key: DRAFT, signal },
    fields: h("div", { class: "grid" }, name.element, description.element),
    inputs: { name: name.input, description: description.input },
    host,
    take: (file) => suggest(nameFrom(file.name)),
  });
  name.check();
  if (handed) attempt(() => load(handed));
  const example = async () => {
    source.setText(await exampleSource());
    suggest(EXAMPLE_NAME);
  };
  const offer = h("button", { type: "button", click: () => attempt(example) }, say("source.example"));
  return { title: say("scripts.new"), body: [h("p", { class: "quiet" }, say("source.intro")), offer, element], notice };
}
