// @ts-check
// The changes of the source between the versions of two compared executions, which are loaded when they are opened.

/** @import { Content, Execution } from "../types.js" */

import { fill, h } from "../dom.js";
import { loadModule } from "../load_module.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { say } from "../words.js";

/**
 * The changes; nothing for executions of one version, or of two scripts.
 * @param {Execution} left
 * @param {Execution} right
 * @param {AbortSignal} signal
 * @returns {Content}
 */
export function comparedSources({ script: before }, { script: after }, signal) {
  if (before.id !== after.id || before.version === after.version) return null;
  const { errorArea, attempt } = withErrorDisplay();
  const body = h("div");
  const load = async () => {
    // Only when it is opened: the editor's library is large.
    const { readVersion, sourceChanges } = await loadModule(import("../versions/source_changes.js"));
    const read = [before, after].map(({ name, version }) => readVersion(name, version, signal));
    const [one, other] = await Promise.all(read);
    fill(body, await sourceChanges(after.name, one, other, signal));
  };
  const open = async () => {
    if (!details.open || body.hasChildNodes()) return;
    fill(body, h("p", { class: "quiet", role: "status" }, say("loading")));
    await attempt(load);
    if (errorArea.hasChildNodes()) fill(body); // to be loaded when it is opened again
  };
  const words = say("compare.sources", { before: before.version, after: after.version });
  /** @type {HTMLDetailsElement} */
  const details = h("details", { toggle: open }, h("summary", {}, words), body, errorArea);
  return details;
}
