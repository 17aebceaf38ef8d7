// @ts-check
// The fields of a test of a script: those of one with a dataset of its own, or of one made of an execution.

/** @import { Attempt, Entered, ScriptTest, Version } from "../types.js" */

import { get, getText, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { memberText } from "../json_text.js";
import { preview } from "../previews.js";
import { href } from "../router.js";
import { MAX_SAMPLE_BYTES, wholeOf } from "../sample.js";
import { say } from "../words.js";
import { datasetField } from "./dataset_field.js";
import { expectedFields, toleranceFields } from "./expected_fields.js";
import { field } from "./field.js";
import { submit as submitWith } from "./submission.js";

/**
 * The part of a form about one kind of test; `text()` is the body of the request.
 * @typedef {object} TestFields
 * @property {HTMLElement} element
 * @property {() => Promise<string> | string} text
 * @property {() => Entered} read
 * @property {(entered: Entered) => void} write
 */

/**
 * The fields of a test whose dataset and outcome are those of an execution.
 * @param {string} execution
 * @returns {TestFields}
 */
export function fieldsOfExecution(execution) {
  const { element, text, read, write } = toleranceFields();
  const origin = h("a", { href: href(["executions", execution]), title: execution }, h("code", {}, shortId(execution)));
  return {
    element: h("div", {}, h("p", {}, say("test.from-execution"), " ", origin), element),
    text: () => {
      const others = text().slice(1);
      return `{"from_execution":${JSON.stringify(execution)}${others === "}" ? "" : ","}${others}`;
    },
    read,
    write,
  };
}

/**
 * The fields of a test with a dataset and an expectation of its own.
 * @param {{ name: string, latest: number, attempt: Attempt, signal: AbortSignal }} options
 * @returns {TestFields}
 */
export function ownFields({ name, latest, attempt, signal }) {
  const dataset = datasetField(attempt, MAX_SAMPLE_BYTES);
  const expected = expectedFields();
  const clock = field(say("provenance.clock"), { autocomplete: "off", placeholder: "2026-01-31T12:00:00Z" });
  const seed = field(say("provenance.seed"), { autocomplete: "off", spellcheck: "false" });
  const datasetText = async () => wholeOf(await dataset.content({ signal, onProgress: () => undefined }));
  const circumstances = () => ({ clock: clock.input.value || undefined, seed: seed.input.value || undefined });
  const status = h("span", { class: "quiet", role: "status" });
  const fillIn = async () => {
    fill(status);
    const version = ["scripts", name, "versions", latest];
    /** @type {[Version, string]} */
    const [{ engine, limits }, source] = await Promise.all([
      get(pathOf(version), { signal }),
      getText(pathOf([...version, "source"]), { signal }),
    ]);
    const tried = { source, engine, limits, ...circumstances() };
    const { text, preview: made } = await preview(tried, await datasetText(), signal);
    if (made.error) expected.setError(made.error);
    else expected.setResult(memberText(text, "result") ?? "");
    expected.element.dispatchEvent(new Event("change", { bubbles: true }));
    fill(status, say("test.filled", { number: latest }));
  };
  /** @type {HTMLButtonElement} */
  const fillButton = h(
    "button",
    { type: "button", click: () => attempt(() => submitWith(fillButton, fillIn)) },
    say("test.fill", { number: latest }),
  );
  const element = h(
    "div",
    {},
    dataset.element,
    h("div", { class: "row" }, fillButton, status),
    expected.element,
    h(
      "details",
      {},
      h("summary", {}, say("test.circumstances")),
      h("p", { class: "quiet" }, say("test.circumstances.about")),
      h("div", { class: "grid" }, clock.element, seed.element),
    ),
  );
  return {
    element,
    text: async () => {
      const others = JSON.stringify(circumstances()).slice(1);
      return `{"dataset":${await datasetText()},"expected":${expected.text()}${others === "}" ? "" : ","}${others}`;
    },
    read: () => ({ ...dataset.read(), ...expected.read(), clock: clock.input.value, seed: seed.input.value }),
    write: (entered) => {
      dataset.write(entered);
      expected.write(entered);
      clock.input.value = String(entered.clock ?? "");
      seed.input.value = String(entered.seed ?? "");
    },
  };
}

/**
 * What the form of a test has to hold, from the text of the response, whose numbers keep all digits.
 * @param {string} text
 * @returns {Entered}
 */
export function enteredIn(text) {
  /** @type {ScriptTest} */
  const { name, clock, seed, expected } = JSON.parse(text);
  const { error, tolerance, subset } = expected;
  return {
    name,
    text: memberText(text, "dataset"),
    outcome: error ? "error" : "result",
    result: memberText(memberText(text, "expected") ?? "", "result"),
    kind: error?.kind,
    message: error?.message ?? "",
    absolute: tolerance?.absolute ? String(tolerance.absolute) : "",
    relative: tolerance?.relative ? String(tolerance.relative) : "",
    subset: subset ? "true" : "",
    clock,
    seed,
  };
}
