// @ts-check
// A form for a test of a script: a new one, one made of an execution, or a change of one.

/** @import { Entered, Script, View, ViewContext } from "../types.js" */

import { get, getTagged, pathOf } from "../api.js";
import { h } from "../dom.js";
import { keepDraft } from "../parts/draft.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { nameField } from "../parts/name_field.js";
import { notifyNext } from "../parts/notices.js";
import { submit as submitWith } from "../parts/submission.js";
import { enteredIn, fieldsOfExecution, ownFields } from "../parts/test_fields.js";
import { go, href } from "../router.js";
import { testPath, testSaver } from "../save_test.js";
import { say } from "../words.js";

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script, query, signal }) {
  const { name: existing, from_execution: execution } = query;
  /** @type {[Script, Awaited<ReturnType<typeof getTagged>> | undefined]} */
  const [{ name, latest_version: latest }, test] = await Promise.all([
    get(pathOf(["scripts", script]), { signal }),
    existing === undefined ? undefined : getTagged(testPath(script, existing), { signal }),
  ]);
  const { errorArea, attempt, display, displayed } = withErrorDisplay();
  const testName = nameField("empty-dataset");
  if (existing !== undefined) Object.assign(testName.input, { value: existing, readOnly: true });
  const fields = execution ? fieldsOfExecution(execution) : ownFields({ name, latest, attempt, signal });
  if (test) fields.write(enteredIn(test.text));
  const read = () => ({ name: testName.input.value, ...fields.read() });
  /** @param {Entered} entered */
  const write = (entered) => {
    testName.input.value = String(entered.name ?? "");
    fields.write(entered);
  };
  const key = `test/${name}/${existing ?? execution ?? ""}`;
  const draft = keepDraft({ key, read, write, error: displayed, signal });
  const button = h("button", { class: "primary", "data-needs": "scripts:write" }, say("source.host"));
  const saveTest = testSaver(name, existing !== undefined && test ? { [existing]: test.tag } : {});
  const save = async () => {
    const [sent, body] = [read(), await fields.text()];
    await saveTest(testName.input.value, body);
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
