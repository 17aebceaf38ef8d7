// @ts-check
// The source that an execution ran, with the line of its error marked.

/** @import { Execution } from "../types.js" */

import { getText, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { loadModule } from "../load_module.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { say } from "../words.js";

/**
 * @param {Execution} execution
 * @param {AbortSignal} signal
 */
export function sourceOf({ script, error }, signal) {
  const place = h("div", {}, h("p", { class: "quiet", role: "status" }, say("loading")));
  const { errorArea, attempt } = withErrorDisplay();
  attempt(load);
  return [place, errorArea];

  async function load() {
    const text = await getText(pathOf(["scripts", script.id, "versions", script.version, "source"]), { signal });
    const { editor } = await loadModule(import("../parts/editor.js"));
    const label = say("script.source", { number: script.version });
    const source = editor({ text, label, readOnly: true });
    fill(place, source.element);
    if (error?.line) source.mark([{ ...error, severity: "error" }]);
  }
}
