// @ts-check
// A field for a date and a time, one text such as `2026-11-26 14:00`, in the zone that its label names.

/** @import { Field } from "../types.js" */

import { fill, h, newId } from "../dom.js";
import { zoneName } from "../formats.js";
import { momentIn, momentText } from "../moment_text.js";
import { isUtc } from "../time_zone.js";
import { say } from "../words.js";
import { validationMessage } from "./field.js";

const EXAMPLE = "2026-11-26 14:00";

/**
 * `timestamp` is that of the entered text, empty without one, and null if it is no time; `show` enters another one, and
 * `reveal` shows what is wrong with the text.
 * @typedef {Field & { timestamp: () => string | null, show: (timestamp?: string) => void, reveal: () => void }} MomentField
 */

/**
 * A field for a time. Its fault is shown once the form is sent, or by `reveal`.
 * @param {string} words
 * @returns {MomentField}
 */
export function momentField(words) {
  const id = newId("moment");
  const caption = h("label", { for: id });
  const input = h("input", { id, class: "moment", autocomplete: "off", spellcheck: "false", input: check });
  const element = h("div", { class: "field" }, caption, input);
  const message = validationMessage({ element, input }, fault);
  show();
  return { element, input, timestamp, show, reveal: () => message.show(fault()) };

  function timestamp() {
    return momentIn(input.value, isUtc());
  }

  function fault() {
    return timestamp() === null ? say("time.refused", { example: EXAMPLE }) : "";
  }

  function check() {
    input.setCustomValidity(fault());
    if (!fault()) message.show("");
  }

  /** @param {string} [entered] */
  function show(entered) {
    fill(caption, `${words} (${zoneName()})`);
    input.placeholder = say("time.format");
    input.value = momentText(entered, isUtc());
    check();
  }
}
