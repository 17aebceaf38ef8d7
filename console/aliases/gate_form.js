// @ts-check
// The gate of a script: the aliases that it guards, and what a version needs to pass.

/** @import { Alias } from "../types.js" */
/** @import { TaggedGate } from "./requests.js" */

import { h, newId } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { field } from "../parts/field.js";
import { notifyNext } from "../parts/notices.js";
import { submit as submitWith } from "../parts/submission.js";
import { isConflict } from "../preconditions.js";
import { reload } from "../router.js";
import { say } from "../words.js";
import { LIVE } from "./default_version.js";
import { removeGate, setGate } from "./requests.js";

const MAX_LAST = 1_000;

/**
 * The form, below a summary of the present gate.
 * @param {string} script
 * @param {TaggedGate | null} gate
 * @param {Alias[]} aliases
 */
export function gateForm(script, gate, aliases) {
  const { errorArea, attempt } = withErrorDisplay();
  const names = new Set([LIVE, ...aliases.map(({ name }) => name), ...(gate?.aliases ?? [])]);
  const boxes = [...names].map((name) => box(name, gate ? gate.aliases.includes(name) : name === LIVE, name));
  const tests = box(say("gate.tests"), gate?.tests ?? true);
  const last = field(say("gate.replay"), {
    type: "number",
    min: 1,
    max: MAX_LAST,
    value: gate ? gate.replay?.last : "",
    placeholder: say("gate.replay.none"),
  });
  const save = async () => {
    const wanted = {
      aliases: boxes.filter(({ input }) => input.checked).map(({ input }) => input.value),
      tests: tests.input.checked,
      replay: last.input.value ? { last: Number(last.input.value) } : null,
    };
    await change(() => setGate(script, gate, wanted), "gate.saved");
  };
  const drop = async () => {
    if (gate) await change(() => removeGate(script, gate), "gate.removed");
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(() => submitWith(button, save));
  };
  const button = h("button", { "data-needs": "admin" }, say("retention.do"));
  /** @type {HTMLButtonElement} */
  const removeButton = h(
    "button",
    { type: "button", "data-needs": "admin", click: () => attempt(() => submitWith(removeButton, drop)) },
    say("gate.remove"),
  );
  return h(
    "details",
    { class: "gate" },
    h("summary", {}, gate ? say("gate.summary", { aliases: gate.aliases.join(", ") }) : say("gate.none")),
    h(
      "form",
      { submit },
      h("p", { class: "quiet" }, say("gate.about")),
      h(
        "fieldset",
        {},
        h("legend", {}, say("gate.aliases")),
        h(
          "div",
          { class: "row" },
          boxes.map(({ element }) => element),
        ),
      ),
      tests.element,
      last.element,
      errorArea,
      h("div", { class: "row" }, button, gate && removeButton),
    ),
  );
}

/**
 * Change the gate and show the page again, also if somebody else has changed the gate meanwhile.
 * @param {() => Promise<unknown>} work
 * @param {"gate.saved" | "gate.removed"} done
 */
async function change(work, done) {
  /** @type {"gate.saved" | "gate.removed" | "alias.conflict.gate"} */
  let words = done;
  try {
    await work();
  } catch (error) {
    if (!isConflict(error)) throw error;
    words = "alias.conflict.gate";
  }
  notifyNext(() => say(words));
  reload();
}

/**
 * @param {string} words
 * @param {boolean} checked
 * @param {string} [value]
 */
function box(words, checked, value) {
  const id = newId("gate");
  const input = h("input", { id, type: "checkbox", checked, value });
  return { element: h("div", { class: "row" }, input, h("label", { for: id }, words)), input };
}
