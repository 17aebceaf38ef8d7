// @ts-check
// What can be done with a batch: cancel it while it runs, delete its data once it has finished.

/** @import { Batch, Content } from "../types.js" */

import { call, pathOf, remove } from "../api.js";
import { h } from "../dom.js";
import { confirmation } from "../parts/confirmation.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { notices, notify, notifyNext } from "../parts/notices.js";
import { reload } from "../router.js";
import { say } from "../words.js";

/**
 * A button that cancels a batch after a question.
 * @param {Batch} batch
 * @param {(batch: Batch) => void} show Shows the batch as it is then.
 * @returns {Content}
 */
export function cancellation({ id }, show) {
  const { errorArea, attempt } = withErrorDisplay();
  const cancel = async () => {
    /** @type {Batch} */
    const cancelled = await call("POST", pathOf(["batches", id, "cancel"]));
    close();
    show(cancelled);
    notify(() => say("batch.cancel.done"));
    notices.focus(); // the button is gone
  };
  const { button, place, close } = confirmation({
    needs: "executions:write",
    words: say("batch.cancel"),
    question: say("batch.cancel.sure"),
    sure: say("batch.cancel.yes"),
    keep: say("batch.cancel.no"),
    act: () => attempt(cancel),
  });
  return [h("div", { class: "row" }, button), place, errorArea];
}

/**
 * A button that deletes the data of a batch after a question.
 * @param {Batch} batch
 * @returns {Content}
 */
export function contentRemoval({ id }) {
  const { errorArea, attempt } = withErrorDisplay();
  const removeData = async () => {
    await remove(pathOf(["batches", id, "content"]));
    notifyNext(() => say("batch.remove.done"));
    reload();
  };
  const { button, place } = confirmation({
    needs: "executions:write",
    words: say("content.remove"),
    question: say("batch.remove.sure"),
    sure: say("content.remove.sure"),
    act: () => attempt(removeData),
  });
  return [h("h2", {}, say("content")), h("div", { class: "row" }, button), place, errorArea];
}
