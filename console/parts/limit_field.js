// @ts-check
// Fields for the limits of runs.

/** @import { Field, Limits, ServiceLimits } from "../types.js" */

import { fill, h, newId } from "../dom.js";
import { quantityIn, quantityText, SIZES, TIMES } from "../quantities.js";
import { serviceLimits } from "../service_limits.js";
import { locale, say } from "../words.js";
import { field, validationMessage } from "./field.js";

/** @typedef {Field & { name: keyof Limits, check: () => void }} LimitField */

/**
 * A field for a limit with its unit, such as `45s`. Its default and its range are shown once they are known.
 * @param {keyof Limits} name
 * @returns {LimitField}
 */
export function limitField(name) {
  const units = unitsOf(name);
  const example = quantityText(units === TIMES ? 45_000 : 512 * 2 ** 20, units, locale);
  const range = h("span", { class: "quiet", id: newId("range") });
  const fault = () =>
    input.value.trim() === "" || quantityIn(input.value, units) !== null ? "" : say("limits.unit", { example });
  const check = () => {
    input.setCustomValidity(fault());
    if (!fault()) message.show(""); // a fault is shown once it is sent: a message as the field is left would move what is clicked
  };
  const rewrite = () => {
    const value = quantityIn(input.value, units);
    if (value !== null) input.value = quantityText(value, units, locale);
  };
  const reveal = () => element.closest("details")?.setAttribute("open", ""); // a closed one hides the message
  const { element, input } = field(say(`limits.${name}`), {
    placeholder: say("limits.default"),
    autocomplete: "off",
    input: check,
    change: rewrite,
    invalid: reveal,
  });
  const message = validationMessage({ element, input }, fault);
  element.append(range);
  input.setAttribute("aria-describedby", `${message.id} ${range.id}`);
  serviceLimits().then((limits) => limits && showRange(limits));
  return { name, element, input, check };

  /** @param {ServiceLimits} limits */
  function showRange({ runs: { default: usual, minimum, maximum } }) {
    const [low, high] = [minimum, maximum].map((one) => quantityText(one[name], units, locale));
    input.placeholder = quantityText(usual[name], units, locale);
    fill(range, say("limits.range", { low, high }));
  }
}

/** @param {keyof Limits} name */
const unitsOf = (name) => (name === "wall_ms" ? TIMES : SIZES);

/**
 * The limits of the fields that are filled, in milliseconds and bytes.
 * @param {LimitField[]} limits
 */
export const enteredLimits = (limits) =>
  Object.fromEntries(
    limits
      .filter(({ input }) => input.value.trim())
      .map(({ name, input }) => [name, quantityIn(input.value, unitsOf(name))]),
  );
