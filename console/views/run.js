// @ts-check
// A form that runs a script on a dataset.

/** @import { Script, ServiceLimits, View, ViewContext } from "../types.js" */

import { defaultVersionText } from "../aliases/default_version.js";
import { get, pathOf, upload } from "../api.js";
import { fill, h } from "../dom.js";
import { datasetField } from "../parts/dataset_field.js";
import { discardDraft, keepDraft } from "../parts/draft.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { retryKey } from "../parts/retry_key.js";
import { storedDataset } from "../parts/stored_dataset.js";
import { submit as submitWith } from "../parts/submission.js";
import { uploadProgress } from "../parts/upload_progress.js";
import { versionChoice } from "../parts/version_choice.js";
import { go, href, remember } from "../router.js";
import { serviceLimits } from "../service_limits.js";
import { say } from "../words.js";

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script: reference, query, signal }) {
  /** @type {[Script, ServiceLimits | null]} */
  const [script, limits] = await Promise.all([get(pathOf(["scripts", reference]), { signal }), serviceLimits()]);
  const { name } = script;
  if (query.version) await get(pathOf(["scripts", name, "versions", query.version]), { signal }); // rejects without one
  const version = versionChoice(say("script.version"), script.latest_version, {
    selected: query.version,
    any: defaultVersionText(script),
    choose: (chosen) => remember({ version: chosen }), // so that it outlasts a reload
  });
  const status = h("div", { role: "status" });
  const { errorArea, attempt, display, displayed } = withErrorDisplay();
  const dataset = datasetField(attempt, limits?.dataset_bytes);
  const button = h("button", { class: "primary", "data-needs": "executions:write" }, say("run.submit"));
  const key = `run/${name}`;
  if (query.input_of) discardDraft(key); // the stored dataset begins another one
  const draft = keepDraft({ key, read: dataset.read, write: dataset.write, error: displayed, signal });
  const retry = retryKey(draft.error);
  const send = async () => {
    const path = version.input.value
      ? ["scripts", name, "versions", version.input.value, "executions"]
      : ["scripts", name, "executions"];
    const entered = dataset.read();
    try {
      const id = await retry.use(async (idempotencyKey) => {
        const { element, onProgress, onConversion } = uploadProgress();
        fill(status, element);
        const { body, headers } = await dataset.content({ signal, onProgress: onConversion });
        const sent = { ...headers, "Idempotency-Key": idempotencyKey };
        /** @type {{ id: string }} */
        const execution = await upload(pathOf(path), body, sent, { signal, onProgress });
        return execution.id;
      });
      draft.settle(entered);
      go(["executions", id]);
    } catch (error) {
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
    retry.changed(displayed());
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
  if (query.input_of) {
    const original = query.input_of;
    remember({ input_of: undefined }); // or a reload would replace what was entered since
    attempt(async () => {
      dataset.write(await storedDataset(original, signal));
      changed();
    });
  }
  const batch = h("a", { href: href(["scripts", name, "batch"], { version: query.version }) }, say("batch.do"));
  const intro = [
    h("p", { class: "quiet" }, say("run.intro")),
    h("p", { class: "quiet" }, say("batch.do.about"), " ", batch),
  ];
  return { title: say("run.title", { name }), body: [intro, form], notice: draft.notice };
}
