// @ts-check
// Texts about a number of things, in the plural form that the language has for that number.

/** @import { CountedName } from "./types.js" */

import { count } from "./formats.js";
import { filled, locale, textOf } from "./words.js";

/**
 * The text for a number of things: that of `name.one` or of `name.other`, as the language's plural rules say, with the
 * number as its `{n}`, unless the values have another. A category without a text of its own, such as that of millions in
 * Portuguese, has that of `name.other`.
 * @param {CountedName} name
 * @param {number} number
 * @param {Record<string, string | number>} [values]
 */
export function counted(name, number, values = {}) {
  const category = new Intl.PluralRules(locale).select(number);
  const text = textOf(`${name}.${category}`) ?? textOf(`${name}.other`) ?? name;
  return filled(text, { n: count(number), ...values });
}
