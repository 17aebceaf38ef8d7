// @ts-check
// What will be sent as a batch: the number of lines, the first of them, and what is wrong with any.

/** @import { Content } from "../types.js" */
/** @import { LineFault, LinePreview, SurveyedLines } from "./types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count, size } from "../formats.js";
import { scrolling } from "../parts/paged_table.js";
import { visible } from "../results/visible.js";
import { say } from "../words.js";

/** The form of a line with a reference. */
export const LINE_EXAMPLE = '{"ref": …, "data": …}';
const WITHOUT_REFERENCE = '{"data": …}';

/** @param {SurveyedLines} lines */
export const summaryOf = (lines) =>
  `${counted("batch.lines", lines.count)} · ${size(lines.body.size)} · ${sourceText(lines)}`;

/** @param {SurveyedLines} lines */
function sourceText({ kind, form, preview }) {
  const example = preview.some(({ ref }) => ref !== undefined) ? LINE_EXAMPLE : WITHOUT_REFERENCE;
  if (kind === "csv") return say("batch.source.csv", { example });
  if (kind === "array")
    return form === "lines" ? say("batch.source.array-lines") : say("batch.source.array", { example });
  return form === "lines" ? say("batch.source.lines") : say("batch.source.datasets", { example });
}

/**
 * The first lines.
 * @param {LinePreview[]} lines
 * @returns {Content}
 */
export function previewTable(lines) {
  if (lines.length === 0) return null;
  const hasRefs = lines.some(({ ref }) => ref !== undefined);
  const heads = [say("batch.line"), ...(hasRefs ? [say("batch.ref")] : []), say("batch.data")];
  return scrolling(
    h(
      "table",
      { class: "lines" },
      h("caption", {}, say("batch.preview")),
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
        lines.map(({ line, ref, data }) =>
          h(
            "tr",
            {},
            h("td", {}, count(line)),
            hasRefs && h("td", {}, ref !== undefined && visible(ref)),
            h("td", {}, h("code", {}, visible(data))),
          ),
        ),
      ),
    ),
    say("batch.preview"),
  );
}

/**
 * The first faults, each at its line.
 * @param {Pick<SurveyedLines, "faults" | "faultCount">} lines
 * @returns {Content}
 */
export const faultsOf = ({ faults, faultCount }) =>
  faultCount > 0 &&
  h(
    "div",
    { class: "refusal", role: "alert" },
    h("p", {}, h("strong", {}, say("batch.invalid"))),
    h(
      "ul",
      {},
      faults.map((fault) => h("li", {}, faultText(fault), fault.excerpt && excerptOf(fault.excerpt))),
    ),
    faultCount > faults.length && h("p", {}, counted("batch.invalid.more", faultCount - faults.length)),
  );

/** @param {LineFault} fault */
export const faultText = (fault) => `${say("line", { line: count(fault.line) })}: ${reasonOf(fault)}`;

/** @param {LineFault} fault */
function reasonOf({ kind, name = "", width = 0, expected = 0 }) {
  if (kind === "member") return say("batch.fault.member", { name });
  if (kind === "width") return say("batch.fault.width", { width, expected });
  return say(`batch.fault.${kind}`);
}

/**
 * The beginning of a line.
 * @param {string} text
 */
export const excerptOf = (text) => h("pre", { class: "excerpt" }, visible(text));
