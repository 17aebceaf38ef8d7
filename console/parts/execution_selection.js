// @ts-check
// The selection of executions in a list: two of them can be compared, and those of one script replayed.

/** @import { Content, ExecutionSummary } from "../types.js" */

import { fill, h } from "../dom.js";
import { comparisonHref, versionName } from "../execution_names.js";
import { timestamp } from "../formats.js";
import { href } from "../router.js";
import { say } from "../words.js";

/** Check boxes, and an element with the links for those that are checked. */
export function executionSelection() {
  const element = h("p", { class: "row" });
  /** @type {Map<HTMLInputElement, ExecutionSummary>} */
  const selection = new Map();
  const show = () => {
    const executions = [...selection.values()];
    fill(element, executions.length === 0 ? quiet(say("executions.select")) : actions(executions));
  };
  /**
   * @param {HTMLInputElement} box
   * @param {ExecutionSummary} execution
   */
  const change = (box, execution) => {
    if (box.checked) selection.set(box, execution);
    else selection.delete(box);
    show();
  };
  /** @param {ExecutionSummary} execution */
  const boxOf = (execution) => {
    const label = say("executions.tick", {
      name: `${versionName(execution.script)}, ${timestamp(execution.submitted_at)}`,
    });
    /** @type {HTMLInputElement} */
    const box = h("input", {
      type: "checkbox",
      value: execution.id,
      "aria-label": label,
      change: () => change(box, execution),
    });
    return box;
  };
  show();
  return { element, box: boxOf };
}

/**
 * @param {ExecutionSummary[]} executions
 * @returns {Content}
 */
function actions(executions) {
  const [one, other] = executions;
  return [
    executions.length === 2
      ? h("a", { class: "button", href: comparisonHref(one, other) }, say("executions.compare"))
      : quiet(say("executions.two")),
    executions.every(({ script }) => script.id === one.script.id)
      ? h(
          "a",
          { class: "button", "data-needs": "executions:write", href: replaysHref(executions) },
          say("replay.do-chosen"),
        )
      : quiet(say("replay.do-chosen.one-script")),
  ];
}

/**
 * The address of the form that replays executions of one script.
 * @param {ExecutionSummary[]} executions
 */
const replaysHref = (executions) =>
  href(["scripts", executions[0].script.name, "replays"], { executions: executions.map(({ id }) => id).join(",") });

/** @param {string} words */
const quiet = (words) => h("span", { class: "quiet" }, words);
