// @ts-check
// A field for the time for which executions are kept, and a line that says what it means.

/** @import { Field } from "../types.js" */
/** @import { Days } from "../retention_days.js" */

import { counted } from "../counts.js";
import { fill, h, newId } from "../dom.js";
import { daysIn, FOREVER } from "../retention_days.js";
import { say } from "../words.js";
import { field, validationMessage } from "./field.js";

/** @typedef {Field & { days: () => Days }} RetentionField */

/**
 * A field whose text is written out when it is left: `30` becomes `30 days`, and `0` becomes `forever`.
 * @param {string} label
 * @param {Days} first The days at first; null for the service's default.
 * @returns {RetentionField}
 */
export function retentionField(label, first) {
  const meaning = h("p", { class: "quiet", id: newId("meaning") });
  const { element, input } = field(label, {
    autocomplete: "off",
    value: textOf(first),
    placeholder: say("retention.service"),
    input: check,
    change: rewrite,
  });
  const message = validationMessage({ element, input }, fault);
  input.setAttribute("aria-describedby", `${message.id} ${meaning.id}`);
  element.append(meaning);
  check();
  return { element, input, days: () => daysIn(input.value) ?? null };

  function fault() {
    return daysIn(input.value) === undefined ? say("retention.refused") : "";
  }

  function check() {
    input.setCustomValidity(fault());
    if (!fault()) message.show("");
    fill(meaning, meaningOf(daysIn(input.value)));
  }

  function rewrite() {
    const days = daysIn(input.value);
    if (days !== undefined) input.value = textOf(days);
    check();
  }
}

/** @param {Days} days */
function textOf(days) {
  if (days === null) return "";
  return days === FOREVER ? say("retention.forever") : counted("filter.days", days, { n: days }); // without separators, or it could not be read
}

/** @param {Days | undefined} days */
function meaningOf(days) {
  if (days === undefined) return "";
  if (days === null) return say("retention.inherited");
  return days === FOREVER ? say("retention.kept") : counted("retention.deleted", days);
}
