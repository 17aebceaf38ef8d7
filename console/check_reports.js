// @ts-check
// Reports of a script's tests, with the values of their differences as they are written.

/** @import { CheckReport } from "./types.js" */

import { memberText, partsOf } from "./json_text.js";

/**
 * A difference with the texts of both values. `unquoted` names those that are too long to be in the report.
 * @typedef {{ pointer: string, expected: string | undefined, actual: string | undefined, unquoted: string[] }} TextDifference
 */

/**
 * A report, and the differences of each of its tests.
 * @typedef {{ report: CheckReport, differences: TextDifference[][] }} ExactReport
 */

/**
 * The report in the text of a response.
 * @param {string} text
 * @returns {ExactReport}
 */
export const reportIn = (text) => ({
  report: JSON.parse(text),
  differences: Array.from(partsOf(memberText(text, "tests") ?? ""), (test) => differencesIn(test.text)),
});

/**
 * The report that is a member of a response; undefined if it is null or missing.
 * @param {string} text
 */
export function memberReport(text) {
  const own = memberText(text, "checks");
  return own === undefined || own === "null" ? undefined : reportIn(own);
}

/**
 * @param {string} test
 * @returns {TextDifference[]}
 */
function differencesIn(test) {
  const failure = memberText(test, "failure") ?? "";
  return Array.from(partsOf(memberText(failure, "differences") ?? ""), ({ text }) => ({
    pointer: JSON.parse(memberText(text, "pointer") ?? '""'),
    expected: memberText(text, "expected"),
    actual: memberText(text, "actual"),
    unquoted: JSON.parse(memberText(text, "unquoted") ?? "[]"),
  }));
}
