// @ts-check
// A form for a test of a script: a new one, one made of an execution, or a change of one.

/** @import { Entered, Script, ScriptTest, Version, View, ViewContext } from "../types.js" */

import { call, get, getText, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { memberText } from "../json_text.js";
import { datasetField } from "../parts/dataset_field.js";
import { keepDraft } from "../parts/draft.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { expectedFields, toleranceFields } from "../parts/expected_fields.js";
import { field } from "../parts/field.js";
import { nameField } from "../parts/name_field.js";
import { notifyNext } from "../parts/notices.js";
import { submit as submitWith } from "../parts/submission.js";
import { preview } from "../previews.js";
import { go, href } from "../router.js";
import { MAX_SAMPLE_BYTES, wholeOf } from "../sample.js";
import { say } from "../words.js";

/**
 * The part of a form about one kind of test; `text()` is the body of the request.
 * @typedef {object} TestFields
 * @property {HTMLElement} element
 * @property {() => Promise<string> | string} text
 * @property {() => Entered} read
 * @property {(entered: Entered) => void} write
 */

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script, query, signal }) {
  const { name: existing, from_execution: execution } = query;
  /** @type {[Script, string | undefined]} */
  const [{ name, latest_version: latest }, test] = await Promise.all([
    get(pathOf(["scripts", script]), { signal }),
    existing === undefined ? undefined : getText(pathOf(["scripts", script, "tests", existing]), { signal }),
  ]);
  const { errorArea, attempt, display, displayed } = withErrorDisplay();
  const testName = nameField("empty-dataset");
  if (existing !== undefined) Object.assign(testName.input, { value: existing, readOnly: true });
  const fields = execution ? fieldsOfExecution(execution) : ownFields({ name, latest, attempt, signal });
  if (test) fields.write(enteredIn(test));
  const read = () => ({ name: testName.input.value, ...fields.read() });
  /** @param {Entered} entered */
  const write = (entered) => {
    testName.input.value = String(entered.name ?? "");
    fields.write(entered);
  };
  const key = `test/${name}/${existing ?? execution ?? ""}`;
  const draft = keepDraft({ key, read, write, error: displayed, signal });
  const button = h("button", { class: "primary" }, say("source.host"));
  const save = async () => {
    const [sent, body] = [read(), await fields.text()];
    const path = pathOf(["scripts", name, "tests", testName.input.value]);
    await call("PUT", path, { body, headers: { "Content-Type": "application/json" } });
    draft.settle(sent);
    notifyNext(() => say("test.saved", { name: String(sent.name) }));
    if (!signal.aborted) go(["scripts", name]);
  };
  const run = () => submitWith(button, save);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(run);
  };
  if (draft.error) display(draft.error, run);
  const form = h(
    "form",
    { submit, input: draft.changed, change: draft.changed, drop: draft.changed },
    testName.element,
    fields.element,
    errorArea,
    h("div", { class: "row" }, button, h("a", { href: href(["scripts", name]) }, say("content.keep"))),
  );
  const title = existing === undefined ? say("tests.new-of", { name }) : say("test.of", { name, test: existing });
  return { title, body: [h("p", { class: "quiet" }, say("tests.about")), form], notice: draft.notice };
}

/**
 * The fields of a test whose dataset and outcome are those of an execution.
 * @param {string} execution
 * @returns {TestFields}
 */
function fieldsOfExecution(execution) {
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
 * @param {{ name: string, latest: number, attempt: import("../types.js").Attempt, signal: AbortSignal }} options
 * @returns {TestFields}
 */
function ownFields({ name, latest, attempt, signal }) {
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
function enteredIn(text) {
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
