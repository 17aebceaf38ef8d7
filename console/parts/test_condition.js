// @ts-check
// The choice to save a version only if the tests of its script pass, and the report of those that do not.

/** @import { ExactReport } from "../check_reports.js" */

import { get, isAbort, pathOf, Refused } from "../api.js";
import { fill, h, newId } from "../dom.js";
import { say } from "../words.js";
import { checkReport } from "./check_report.js";

/**
 * The choice, which is offered where there are tests.
 * @param {string} script
 * @param {AbortSignal} signal
 */
export function testCondition(script, signal) {
  const id = newId("required");
  const input = h("input", { id, type: "checkbox" });
  const [choice, report] = [h("div"), h("div")];
  hasTests(script, signal).then((has) =>
    fill(choice, has && h("div", { class: "row" }, input, h("label", { for: id }, say("tests.required")))),
  );
  return { element: h("div", {}, choice, report), isRequired: () => input.checked, showReport };

  /** @param {ExactReport} [exact] */
  function showReport(exact) {
    fill(report, exact && [h("p", {}, h("strong", {}, say("checks.refused"))), checkReport(exact)]);
  }
}

/**
 * Without an answer the choice is not offered: the version is saved and tested all the same.
 * @param {string} script
 * @param {AbortSignal} signal
 */
async function hasTests(script, signal) {
  try {
    /** @type {{ items: unknown[] }} */
    const { items } = await get(pathOf(["scripts", script, "tests"]), { signal });
    return items.length > 0;
  } catch (error) {
    if (error instanceof Refused || isAbort(error)) return false;
    throw error;
  }
}
