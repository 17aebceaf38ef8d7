// @ts-check
// What belongs to an execution, in tabs: its result, its dataset, its log, its source and its details. Those whose data was
// deleted are left out.

/** @import { Execution } from "../types.js" */

import { pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { fileStem } from "../execution_names.js";
import { size } from "../formats.js";
import { logs, PAGE_LINES } from "../parts/logs.js";
import { hasFinished } from "../parts/status.js";
import { resultPanel } from "../results/panel.js";
import { tabs } from "../results/tabs.js";
import { place, remember } from "../router.js";
import { say } from "../words.js";
import { detailsOf } from "./details.js";
import { isAtEnd, liveLog } from "./live_log.js";
import { sourceOf } from "./source.js";

/**
 * The tabs, and a function that shows a later state of the execution in them. They are made again when it has finished,
 * but for the dataset, which does not change. The address names the tab.
 * @param {AbortSignal} signal
 */
export function outcomeTabs(signal) {
  const element = h("div", { class: "outcome-tabs" });
  /** @type {boolean | undefined} */
  let isShownFinished;
  let replaced = new AbortController();
  signal.addEventListener("abort", () => replaced.abort());
  let dataset = /** @type {HTMLElement | undefined} */ (undefined);
  return { element, show };

  /** @param {Execution} execution */
  function show(execution) {
    if (hasFinished(execution) === isShownFinished) return;
    isShownFinished = hasFinished(execution);
    replaced.abort();
    replaced = new AbortController();
    const log = placeInLog(element);
    const hadFocus = element.contains(document.activeElement);
    const selection = {
      name: place(location.hash).query.view ?? firstTab(execution),
      chosen: (/** @type {string} */ view) => remember({ view }),
    };
    fill(element, tabs(say("execution"), tabsOf(execution, log.lines), selection));
    log.restore();
    /** @type {HTMLElement | null} */
    const tab = element.querySelector("[role=tab][aria-selected=true]");
    if (hadFocus) tab?.focus();
  }

  /**
   * @param {Execution} execution
   * @param {number} seen
   */
  function tabsOf(execution, seen) {
    const { output, input, content_removed_at: removedAt, logs: lines } = execution;
    const source = { name: "source", words: say("source"), show: () => sourceOf(execution, signal) };
    const details = { name: "details", words: say("execution.details"), show: () => detailsOf(execution, signal) };
    if (removedAt) return [source, details];
    const isActive = !hasFinished(execution);
    const waiting = () => h("p", { class: "quiet" }, say("execution.not-yet"));
    const result = {
      name: "result",
      words: sized(say("result"), output),
      show: isActive ? waiting : () => resultOf(execution),
    };
    const log = {
      name: "log",
      words: isActive ? say("logs") : say("try.log", { n: lines.length }),
      show: () => (isActive ? liveLog(execution.id, replaced.signal) : logOf(execution, seen)),
    };
    const stored = { name: "dataset", words: sized(say("measures.input"), input), show: () => datasetOf(execution) };
    return [...(isActive || output ? [result] : []), stored, log, source, details];
  }

  /** @param {Execution} execution */
  function resultOf(execution) {
    return resultPanel({
      href: pathOf(["executions", execution.id, "result"]),
      sizeBytes: execution.output?.size_bytes ?? 0,
      name: fileStem(execution),
      signal,
    });
  }

  /** @param {Execution} execution */
  function datasetOf(execution) {
    dataset ??= resultPanel({
      href: pathOf(["executions", execution.id, "input"]),
      sizeBytes: execution.input.size_bytes,
      name: `${fileStem(execution)}-dataset`,
      signal,
      isDataset: true,
    });
    return dataset;
  }
}

/**
 * The log of a finished execution, of which so many lines were seen while it was running. That of a run that was cancelled
 * or lost ends with the lines stored by then.
 * @param {Execution} execution
 * @param {number} seen
 */
function logOf({ logs: lines, logs_truncated: isCut, started_at: started, error }, seen) {
  if (started && (error?.kind === "cancelled" || error?.kind === "worker_lost")) return stoppedLog(lines, isCut);
  return logs(lines, isCut, Math.max(seen, PAGE_LINES));
}

/**
 * The log of a run that was stopped, which may have printed more than that. It is shown as a whole, since it is short and
 * its end tells what the run was doing.
 * @param {Execution["logs"]} lines
 * @param {boolean} isCut
 */
function stoppedLog(lines, isCut) {
  if (lines.length === 0) return h("p", { class: "quiet" }, say("logs.stopped.empty"));
  const end = h("p", { class: "quiet" }, say(isCut ? "logs.stopped.truncated" : "logs.stopped"));
  return h("div", {}, logs(lines, false, lines.length), end);
}

/**
 * The place of the reader in the log that an element shows: the number of lines, and a function that restores the place
 * in the log that comes instead.
 * @param {HTMLElement} element
 */
function placeInLog(element) {
  const list = () => element.querySelector(".logs");
  const shown = list();
  const [top, wasAtEnd] = [shown?.scrollTop ?? 0, shown !== null && isAtEnd(shown)];
  const restore = () => {
    const next = list();
    if (next) next.scrollTop = wasAtEnd ? next.scrollHeight : top;
  };
  return { lines: shown?.children.length ?? 0, restore };
}

/**
 * The tab to start with: what one looks for first.
 * @param {Execution} execution
 */
function firstTab({ status, error }) {
  if (status !== "failed") return "result";
  return error?.line ? "source" : "log";
}

/**
 * @param {string} words
 * @param {{ size_bytes: number } | null} body
 */
const sized = (words, body) => (body ? `${words} (${size(body.size_bytes)})` : words);
