// @ts-check
// Labelled form controls.

/** @import { Attributes, Field } from "../types.js" */

import { h, newId } from "../dom.js";

/**
 * A labelled input.
 * @param {string} label
 * @param {Attributes} [attributes]
 * @returns {Field}
 */
export function field(label, attributes) {
  const id = newId("field");
  const input = h("input", { id, ...attributes });
  return { element: h("div", { class: "field" }, h("label", { for: id }, label), input), input };
}

/**
 * Give an invalid control the focus if it is the first of its form, as the browser does for those whose messages it shows.
 * @param {HTMLInputElement} input
 */
export function focusFirstInvalid(input) {
  if (input.form?.querySelector("input:invalid, select:invalid, textarea:invalid") === input) input.focus();
}

/**
 * A labelled choice among `options`, pairs of a value and its text. `choose` gets the value of a new selection.
 * @param {string} label
 * @param {(readonly [value: string | number, text: string])[]} options
 * @param {{ value?: string | number, choose?: (value: string) => unknown }} [selection]
 * @returns {Field<HTMLSelectElement>}
 */
export function choice(label, options, { value: selected, choose } = {}) {
  const id = newId("field");
  const elements = options.map(([value, text]) => h("option", { value, selected: value === selected }, text));
  /** @type {HTMLSelectElement} */
  const input = h("select", { id, change: () => choose?.(input.value) }, elements);
  return { element: h("div", { class: "field" }, h("label", { for: id }, label), input), input };
}
