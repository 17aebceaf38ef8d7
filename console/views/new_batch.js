// @ts-check
// A form that submits a batch to a script.

/** @import { Content, Script, ServiceLimits, View, ViewContext } from "../types.js" */

import { defaultVersionText } from "../aliases/default_version.js";
import { get, pathOf, Refused, upload } from "../api.js";
import { linesField } from "../batches/lines_field.js";
import { excerptOf } from "../batches/preview.js";
import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { keepDraft } from "../parts/draft.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { retryKey } from "../parts/retry_key.js";
import { submit as submitWith } from "../parts/submission.js";
import { uploadProgress } from "../parts/upload_progress.js";
import { versionChoice } from "../parts/version_choice.js";
import { resultStore } from "../results/result_store.js";
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
  const [status, excerpt] = [h("div", { role: "status" }), h("div")];
  const store = resultStore(signal);
  const { errorArea, attempt, display, displayed } = withErrorDisplay();
  const lines = linesField({ limits, store, changed });
  const button = h("button", { class: "primary", "data-needs": "executions:write" }, say("batch.submit"));
  const draft = keepDraft({ key: `batch/${name}`, read: lines.read, write: lines.write, error: displayed, signal });
  const retry = retryKey(draft.error);
  const form = h(
    "form",
    { submit, input: changed, change: changed },
    h("div", { class: "row" }, version.element),
    lines.element,
    status,
    errorArea,
    excerpt,
    h("div", { class: "row" }, button),
  );
  if (draft.error) display(draft.error, run);
  const others = h("a", { href: href(["batches"], { script: name }) }, say("batches.of", { name }));
  const intro = [say("batch.new.about"), others].map((content) => h("p", { class: "quiet" }, content));
  return { title: say("batch.new", { name }), body: [intro, form], notice: draft.notice };

  function run() {
    return submitWith(button, send);
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    attempt(run);
  }

  function changed() {
    fill(excerpt);
    retry.changed(displayed());
    draft.changed();
  }

  async function send() {
    const path = version.input.value
      ? ["scripts", name, "versions", version.input.value, "batches"]
      : ["scripts", name, "batches"];
    const entered = lines.read();
    fill(excerpt);
    try {
      const { body, headers } = await lines.content();
      const id = await retry.use((idempotencyKey) =>
        sent(pathOf(path), body, { ...headers, "Idempotency-Key": idempotencyKey }),
      );
      draft.settle(entered);
      go(["batches", id]);
    } catch (error) {
      fill(status);
      throw error;
    }
  }

  /**
   * @param {string} path
   * @param {Blob} body
   * @param {Record<string, string>} headers
   */
  async function sent(path, body, headers) {
    const { element, onProgress } = uploadProgress();
    fill(status, element);
    try {
      /** @type {{ id: string }} */
      const { id } = await upload(path, body, headers, { signal, onProgress });
      return id;
    } catch (error) {
      if (!headers["Content-Encoding"]) fill(excerpt, await refusedLine(error, body));
      throw error;
    }
  }

  /**
   * The beginning of the line that the service refused, if it names one.
   * @param {unknown} error
   * @param {Blob} body
   * @returns {Promise<Content>}
   */
  async function refusedLine(error, body) {
    if (!(error instanceof Refused)) return null;
    const { line, excerpt: isShown } = error.problem.position ?? {};
    if (!line || isShown) return null;
    return [say("line", { line: count(line) }), excerptOf(await store.query("excerptOf", { body, line }))];
  }
}
