// @ts-check
// What can be done with a job: cancel it, run its failed partitions again, delete what quotes its data.

/** @import { Content, Job } from "../types.js" */

import { call, getBlob, remove } from "../api.js";
import { h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { confirmation } from "../parts/confirmation.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { notices, notify, notifyNext } from "../parts/notices.js";
import { save } from "../parts/save.js";
import { submit } from "../parts/submission.js";
import { reload } from "../router.js";
import { say } from "../words.js";
import { jobPath } from "./paths.js";

/**
 * A button that cancels a job after a question.
 * @param {Job} job
 * @param {(job: Job) => void} show Shows the job as it is then.
 * @returns {Content}
 */
export function cancellation({ id }, show) {
  const { errorArea, attempt } = withErrorDisplay();
  const cancel = async () => {
    /** @type {Job} */
    const cancelled = await call("POST", jobPath(id, "cancel"));
    close();
    show(cancelled);
    notify(() => say("job.cancel.done"));
    notices.focus(); // the button is gone
  };
  const { button, place, close } = confirmation({
    needs: "executions:write",
    words: say("job.cancel"),
    question: say("job.cancel.sure"),
    sure: say("job.cancel.yes"),
    keep: say("job.cancel.no"),
    act: () => attempt(cancel),
  });
  return [h("div", { class: "row" }, button), place, errorArea];
}

/**
 * A button that has the failed partitions of a job run again.
 * @param {Job} job
 * @returns {Content}
 */
export function retrial({ id, partitions }) {
  const { errorArea, attempt } = withErrorDisplay();
  const retry = async () => {
    await call("POST", jobPath(id, "retry"));
    notifyNext(() => say("job.retry.done"));
    reload();
  };
  /** @type {HTMLButtonElement} */
  const button = h(
    "button",
    { type: "button", "data-needs": "executions:write", click: () => attempt(() => submit(button, retry)) },
    say(partitions.failed > 0 ? "job.retry" : "job.retry.all"),
  );
  return [h("div", { class: "row" }, button, h("span", { class: "quiet" }, say("job.retry.about"))), errorArea];
}

/**
 * A button that saves the receipt of a job. A plain link would not send the API key.
 * @param {Job} job
 * @returns {Content}
 */
export function receiptOf({ id, script }) {
  const { errorArea, attempt } = withErrorDisplay();
  const download = async () =>
    save(await getBlob(jobPath(id, "receipt")), `receipt-${script.name}-${shortId(id)}.json`);
  /** @type {HTMLButtonElement} */
  const button = h(
    "button",
    { type: "button", click: () => attempt(() => submit(button, download)) },
    say("job.receipt"),
  );
  return [h("div", { class: "row" }, button), errorArea];
}

/**
 * A button that deletes the messages and cells of a job after a question.
 * @param {Job} job
 * @returns {Content}
 */
export function contentRemoval({ id }) {
  const { errorArea, attempt } = withErrorDisplay();
  const removeData = async () => {
    await remove(jobPath(id, "content"));
    notifyNext(() => say("job.remove.done"));
    reload();
  };
  const { button, place } = confirmation({
    needs: "executions:write",
    words: say("content.remove"),
    question: say("job.remove.sure"),
    sure: say("content.remove.sure"),
    act: () => attempt(removeData),
  });
  return [h("h2", {}, say("content")), h("div", { class: "row" }, button), place, errorArea];
}
