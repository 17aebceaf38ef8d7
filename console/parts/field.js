// @ts-check
// Labelled form controls.

/** @import { Attributes, Content, Field } from "../types.js" */

import { fill, h, newId } from "../dom.js";

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
 * A message below an input about its value, in place of the browser's, which has words of its own. It is shown when the form
 * is sent with an invalid value, and by the function `show`, which hides it if there is no content.
 * @param {Field} field
 * @param {() => Content} messageOf The message about the present, invalid value.
 */
export function validationMessage({ element, input }, messageOf) {
  const message = h("p", { id: newId("message"), class: "bad" });
  element.append(message);
  input.setAttribute("aria-describedby", message.id);
  input.addEventListener("invalid", (event) => {
    event.preventDefault();
    show(messageOf());
    focusFirstInvalid(input);
  });
  return { id: message.id, show };

  /** @param {Content} content */
  function show(content) {
    input.ariaInvalid = String(Boolean(content));
    fill(message, content);
  }
}

/**
 * Give an invalid control the focus if it is the first of its form, as the browser does for those whose messages it shows.
 * @param {HTMLInputElement} input
 */
function focusFirstInvalid(input) {
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
