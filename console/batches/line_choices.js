// @ts-check
// The choices about the values of a source: whether they are lines of a batch or datasets, and which member of a dataset is
// its reference.

/** @import { LineForm, SurveyedLines } from "./types.js" */

import { fill, h } from "../dom.js";
import { choice } from "../parts/field.js";
import { say } from "../words.js";
import { LINE_EXAMPLE } from "./preview.js";

/**
 * An element, and a function that shows the choices for lines in it.
 * @param {(chosen: { form?: LineForm, ref: string | undefined }) => void} choose
 */
export function lineChoices(choose) {
  const element = h("div", { class: "row choices" });
  const selects = () => [...element.querySelectorAll("select")];
  /**
   * @param {SurveyedLines | undefined} lines
   * @param {string | undefined} ref
   */
  const show = (lines, ref) => {
    const focused = selects().indexOf(/** @type {HTMLSelectElement} */ (document.activeElement));
    fill(element, lines && choicesFor(lines, ref, choose));
    selects()[focused]?.focus(); // the one that was changed
  };
  return { element, show };
}

/**
 * @param {SurveyedLines} lines
 * @param {string | undefined} ref
 * @param {(chosen: { form?: LineForm, ref: string | undefined }) => void} choose
 */
function choicesFor({ kind, form, members }, ref, choose) {
  const forms = choice(
    say("batch.form"),
    [
      ["lines", say("batch.form.lines", { example: LINE_EXAMPLE })],
      ["datasets", say("batch.form.datasets")],
    ],
    { value: form, choose: (one) => choose({ form: one === "lines" ? "lines" : "datasets", ref: undefined }) },
  );
  const refs = choice(
    say("batch.ref.from"),
    [["", say("batch.ref.none")], ...members.map((name) => /** @type {const} */ ([name, name]))],
    { value: ref ?? "", choose: (one) => choose({ ref: one === "" ? undefined : one }) },
  );
  return [
    kind !== "csv" && forms.element,
    form === "datasets" && members.length > 0 && refs.element,
    form === "datasets" && ref !== undefined && h("p", { class: "quiet" }, say("batch.refs.about")),
  ];
}
