// @ts-check
// The menu of an execution's other actions: programs that run it again, a test made of it, and the deletion of its data.

/** @import { Execution } from "../types.js" */

import { pathOf, remove } from "../api.js";
import { apiKey } from "../api_key.js";
import { h } from "../dom.js";
import { confirmation } from "../parts/confirmation.js";
import { copyButton } from "../parts/copy.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { closeOnEscape } from "../parts/menu.js";
import { notifyNext } from "../parts/notices.js";
import { hasFinished } from "../parts/status.js";
import { href, reload } from "../router.js";
import { say } from "../words.js";
import { curlCommand, pythonProgram } from "./commands.js";

/**
 * The menu; nothing if no action is left.
 * @param {Execution} execution
 */
export function moreMenu(execution) {
  if (execution.content_removed_at) return null;
  const { id, script } = execution;
  const url = pathOf(["scripts", script.name, "versions", script.version, "executions"]);
  const request = { url: new URL(url, location.href).href, hasKey: apiKey() !== null };
  const panel = h(
    "div",
    { class: "panel" },
    h("div", {}, copyButton(say("execution.curl"), curlCommand(execution, request))),
    h("div", {}, copyButton(say("execution.python"), pythonProgram(execution, request))),
    execution.measures && h("p", {}, testLink(id, script.name)),
    hasFinished(execution) && deletion(id),
  );
  return h(
    "details",
    { class: "menu more", keydown: closeOnEscape },
    h("summary", { class: "button", "aria-label": say("execution.actions"), title: say("execution.actions") }, "⋯"),
    panel,
  );
}

/**
 * @param {string} id
 * @param {string} name
 */
const testLink = (id, name) =>
  h(
    "a",
    { class: "button", "data-needs": "scripts:write", href: href(["scripts", name, "test"], { from_execution: id }) },
    say("test.save-as"),
  );

/**
 * A button that deletes all stored data after a confirmation.
 * @param {string} id
 */
function deletion(id) {
  const { errorArea, attempt } = withErrorDisplay();
  const removeData = async () => {
    await remove(pathOf(["executions", id, "content"]));
    notifyNext(() => say("content.removed"));
    reload();
  };
  const { button, place } = confirmation({
    needs: "executions:write",
    words: say("content.remove"),
    question: say("content.sure"),
    sure: say("content.remove.sure"),
    act: () => attempt(removeData),
  });
  button.classList.add("dangerous");
  return [h("p", {}, button), place, errorArea];
}
