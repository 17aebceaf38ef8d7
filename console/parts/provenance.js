// @ts-check
// The provenance of a finished execution: the circumstances and limits of its run, its receipt, and its reproduction.

/** @import { Content, Execution } from "../types.js" */

import { getBlob, pathOf } from "../api.js";
import { h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { say } from "../words.js";
import { copyableText } from "./copy.js";
import { withErrorDisplay } from "./error_display.js";
import { limitFacts } from "./limits.js";
import { reproductionOf } from "./reproduction.js";
import { save } from "./save.js";
import { submit } from "./submission.js";

/**
 * The section about a finished execution. An execution without a run has neither a receipt nor a reproduction.
 * @param {Execution} execution
 * @param {AbortSignal} signal
 * @returns {Content}
 */
export const provenanceOf = (execution, signal) => [
  h("h2", {}, say("provenance")),
  h(
    "dl",
    {},
    [h("dt", {}, say("provenance.clock")), h("dd", {}, h("code", {}, new Date(execution.clock).toISOString()))],
    [h("dt", {}, say("provenance.seed")), h("dd", {}, h("code", {}, execution.seed))],
    limitFacts(execution.limits),
  ),
  execution.measures && receiptOf(execution),
  execution.measures && !execution.content_removed_at && reproductionOf(execution.id, signal),
];

/**
 * A button that saves the receipt, and the command that verifies it.
 * @param {Execution} execution
 */
function receiptOf({ id, script }) {
  const file = `receipt-${script.name}-${shortId(id)}.json`;
  const { errorArea, attempt } = withErrorDisplay();
  // A plain link would not send the API key.
  const download = async () => save(await getBlob(pathOf(["executions", id, "receipt"])), file);
  /** @type {HTMLButtonElement} */
  const button = h(
    "button",
    { type: "button", click: () => attempt(() => submit(button, download)) },
    say("receipt.save"),
  );
  return [
    h("h3", {}, say("receipt")),
    h("p", {}, say("receipt.about")),
    h("div", { class: "row" }, button),
    errorArea,
    h(
      "p",
      {},
      say("receipt.verify"),
      " ",
      h("a", { href: pathOf(["receipts", "keys"]), download: "receipt-keys.json" }, say("receipt.keys")),
    ),
    copyableText(`python -m entrypoints.verify ${file} --keys receipt-keys.json`),
  ];
}
