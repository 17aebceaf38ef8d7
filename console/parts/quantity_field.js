// @ts-check
// A field for a time or a size with its unit, such as `45s` or `512 MiB`.

/** @import { Attributes, Field } from "../types.js" */
/** @import { Units } from "../quantities.js" */

import { fill, h, newId } from "../dom.js";
import { quantityIn, quantityText } from "../quantities.js";
import { locale, say } from "../words.js";
import { field, validationMessage } from "./field.js";

/**
 * `value` is the whole number of the smallest unit, or null for an empty field. `setRange` says what is accepted.
 * @typedef {Field & { check: () => void, value: () => number | null, setRange: (low: number, high: number) => void }} QuantityField
 */

/**
 * A field, whose faults are shown below it once it is sent: a message as it is left would move what is clicked.
 * @param {string} label
 * @param {{ units: Units, example: number } & Attributes} options `example`: a value for the message about a missing unit.
 * @returns {QuantityField}
 */
export function quantityField(label, { units, example, ...attributes }) {
  let [low, high] = [0, Number.MAX_SAFE_INTEGER];
  /** @param {number} value */
  const text = (value) => quantityText(value, units, locale);
  const range = h("span", { class: "quiet", id: newId("range") });
  const value = () => quantityIn(input.value, units);
  const fault = () => {
    if (input.value.trim() === "") return "";
    const entered = value();
    if (entered === null) return say("limits.unit", { example: text(example) });
    return entered < low || entered > high ? say("limits.outside", { low: text(low), high: text(high) }) : "";
  };
  const check = () => {
    input.setCustomValidity(fault());
    if (!fault()) message.show("");
  };
  const rewrite = () => {
    const entered = value();
    if (entered !== null) input.value = text(entered);
  };
  const reveal = () => element.closest("details")?.setAttribute("open", ""); // a closed one hides the message
  const listeners = { input: check, change: rewrite, invalid: reveal };
  const { element, input } = field(label, { autocomplete: "off", ...attributes, ...listeners });
  const message = validationMessage({ element, input }, () => fault() || input.validationMessage);
  element.append(range);
  input.setAttribute("aria-describedby", `${message.id} ${range.id}`);
  return { element, input, check, value, setRange };

  /**
   * @param {number} least
   * @param {number} most
   */
  function setRange(least, most) {
    [low, high] = [least, most];
    fill(range, say("limits.range", { low: text(low), high: text(high) }));
    check();
  }
}
