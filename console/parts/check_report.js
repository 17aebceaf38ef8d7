// @ts-check
// The report of a script's tests on a version: those that failed first, with their differences.

/**
 * @import { Content, CheckedTest } from "../types.js"
 * @import { ExactReport, TextDifference } from "../check_reports.js"
 */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { duration } from "../formats.js";
import { visible } from "../results/visible.js";
import { called, say } from "../words.js";
import { withCode } from "./code.js";
import { scrolling } from "./paged_table.js";

const MAX_VALUE_CHARACTERS = 300;

/**
 * @param {ExactReport} exact
 * @returns {Content}
 */
export function checkReport({ report, differences }) {
  const tests = report.tests.map((test, at) => /** @type {const} */ ([test, differences[at]]));
  const sorted = tests.sort(([one], [other]) => rank(one) - rank(other));
  return h(
    "ul",
    { class: "checks" },
    sorted.map(([test, found]) => testElement(test, found)),
  );
}

/**
 * The version and the counts of a report.
 * @param {ExactReport} exact
 * @returns {Content}
 */
export const reportTitle = ({ report: { version, counts } }) => [
  h("strong", {}, say("checks.title", { number: version })),
  `: ${countsText(counts)}`,
];

/**
 * The numbers of tests by their outcome.
 * @param {{ passed: number, failed: number, not_run: number }} counts
 */
export const countsText = ({ passed, failed, not_run: notRun }) =>
  [
    counted("checks.passed", passed),
    failed > 0 && counted("checks.failed", failed),
    notRun > 0 && counted("checks.not-run", notRun),
  ]
    .filter(Boolean)
    .join(" · ");

/**
 * The standing of a test as a badge.
 * @param {boolean | null} passed
 */
export function standingBadge(passed) {
  if (passed === null) return h("span", { class: "badge cancelled" }, say("test.not-run"));
  return h("span", { class: passed ? "badge succeeded" : "badge failed" }, say(passed ? "test.passed" : "test.failed"));
}

/** @param {Pick<CheckedTest, "passed">} test */
const rank = ({ passed }) => (passed === null ? 1 : Number(passed) * 2);

/**
 * @param {CheckedTest} test
 * @param {TextDifference[]} differences
 */
const testElement = ({ name, passed, duration_ms: ms, failure }, differences) =>
  h(
    "li",
    {},
    h(
      "div",
      { class: "row" },
      standingBadge(passed),
      h("strong", {}, name),
      ms !== null && h("span", { class: "quiet" }, duration(ms)),
    ),
    failure && h("p", {}, called("failure", failure.code), ": ", withCode(failure.detail)),
    differences.length > 0 && differencesTable(name, differences),
  );

/**
 * @param {string} name
 * @param {TextDifference[]} differences
 */
function differencesTable(name, differences) {
  const caption = say("checks.differences", { name });
  const heads = [say("compare.place"), say("test.expected"), say("test.actual")];
  return scrolling(
    h(
      "table",
      { class: "rows compared" },
      h("caption", { class: "visually-hidden" }, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((words) => h("th", { scope: "col" }, words)),
        ),
      ),
      h(
        "tbody",
        {},
        differences.map(({ pointer, expected, actual, unquoted }) =>
          h(
            "tr",
            {},
            h("td", {}, pointer === "" ? say("compare.top") : h("code", {}, visible(pointer))),
            h("td", {}, unquoted.includes("expected") ? say("test.too-long") : value("del", expected)),
            h("td", {}, unquoted.includes("actual") ? say("test.too-long") : value("ins", actual)),
          ),
        ),
      ),
    ),
    caption,
  );
}

/**
 * @param {"del" | "ins"} element
 * @param {string | undefined} text
 */
function value(element, text) {
  if (text === undefined) return h("span", { class: "void" }, say("table.absent"));
  const shown = text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}…` : text;
  return h(element, {}, visible(shown));
}
