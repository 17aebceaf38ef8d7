// @ts-check
// The report of a version that was just created, which the page of its script shows.

/** @import { ExactReport } from "./check_reports.js" */

/** @type {{ script: string, report: ExactReport } | null} */
let handed = null;

/**
 * @param {string} script
 * @param {ExactReport} report
 */
export const handReport = (script, report) => {
  handed = { script, report };
};

/**
 * The report, once.
 * @param {string} script
 */
export function takeReport(script) {
  const report = handed?.script === script ? handed.report : undefined;
  handed = null;
  return report;
}
