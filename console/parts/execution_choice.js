// @ts-check
// The choice of an execution of a script for its dataset. The list is loaded when it is opened.

/** @import { ExecutionSummary } from "../types.js" */

import { get, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { clock, size } from "../formats.js";
import { say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";
import { closeOnEscape } from "./menu.js";

const MAX_CHOICES = 10;

/**
 * @param {object} options
 * @param {string} options.script
 * @param {(id: string) => Promise<void>} options.choose
 * @param {AbortSignal} options.signal
 */
export function executionChoice({ script, choose, signal }) {
  const { errorArea, attempt } = withErrorDisplay();
  const body = h("div");
  const open = () => details.open && attempt(show);
  const summary = h("summary", { class: "button" }, say("try.from-execution"));
  /** @type {HTMLDetailsElement} */
  const details = h(
    "details",
    { class: "menu", toggle: open, keydown: closeOnEscape },
    summary,
    h("div", { class: "panel" }, body, errorArea),
  );
  return details;

  async function show() {
    fill(body, h("p", { class: "quiet", role: "status" }, say("loading")));
    const query = { script, limit: MAX_CHOICES };
    try {
      /** @type {{ items: ExecutionSummary[] }} */
      const { items } = await get(pathOf(["executions"], query), { signal });
      const usable = items.filter(({ content_removed_at }) => !content_removed_at);
      fill(body, usable.length > 0 ? usable.map(choiceOf) : h("p", { class: "quiet" }, say("try.no-executions")));
    } catch (error) {
      fill(body);
      throw error;
    }
  }

  /** @param {ExecutionSummary} execution */
  function choiceOf({ id, script: { version }, submitted_at: at, input }) {
    const take = async () => {
      await choose(id);
      details.open = false;
      summary.focus();
    };
    const words = `v${version} · ${clock(at)} · ${size(input.size_bytes)} · ${shortId(id)}`;
    return h("p", {}, h("button", { type: "button", class: "link", click: () => attempt(take) }, words));
  }
}
