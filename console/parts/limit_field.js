// @ts-check
// Fields for the limits of runs.

/** @import { Limits, ServiceLimits } from "../types.js" */
/** @import { QuantityField } from "./quantity_field.js" */

import { quantityText, SIZES, TIMES } from "../quantities.js";
import { serviceLimits } from "../service_limits.js";
import { locale, say } from "../words.js";
import { quantityField } from "./quantity_field.js";

/** @typedef {QuantityField & { name: keyof Limits }} LimitField */

/**
 * A field for a limit with its unit, such as `45s`. Its default and its range are shown once they are known.
 * @param {keyof Limits} name
 * @returns {LimitField}
 */
export function limitField(name) {
  const units = name === "wall_ms" ? TIMES : SIZES;
  const example = units === TIMES ? 45_000 : 512 * 2 ** 20;
  const limit = quantityField(say(`limits.${name}`), { units, example, placeholder: say("limits.default") });
  serviceLimits().then((limits) => limits && showRange(limits));
  return { ...limit, name };

  /** @param {ServiceLimits} limits */
  function showRange({ runs: { default: usual, minimum, maximum } }) {
    limit.input.placeholder = quantityText(usual[name], units, locale);
    limit.setRange(minimum[name], maximum[name]);
  }
}

/**
 * The limits of the fields that are filled, in milliseconds and bytes.
 * @param {LimitField[]} limits
 */
export const enteredLimits = (limits) =>
  Object.fromEntries(limits.filter(({ input }) => input.value.trim()).map(({ name, value }) => [name, value()]));
