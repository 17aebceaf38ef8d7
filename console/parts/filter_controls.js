// @ts-check
// The controls of filters: fields and chips. Each changes parameters of the address.

/** @import { Field } from "../types.js" */
/** @import { Address } from "./list_query.js" */

import { fill, h, newId } from "../dom.js";
import { say } from "../words.js";

/**
 * A control of the form of filters. `update(address)` shows the filters of an address, `refuse(message)` a message below it.
 * @typedef {object} FilterControl
 * @property {string[]} names The parameters that it sets.
 * @property {HTMLElement} element
 * @property {(address: Address) => void} update
 * @property {(message: string) => void} refuse
 */

/** @typedef {(changed: Address) => void} Change */

/**
 * A field of a parameter: a select, or a text field with suggestions if there are any.
 * @param {string} name
 * @param {Field<HTMLInputElement | HTMLSelectElement>} labelled
 * @param {Change} change
 * @param {string[]} [suggestions]
 * @returns {FilterControl}
 */
export function fieldFilter(name, { element, input }, change, suggestions) {
  if (suggestions) {
    const id = newId("names");
    const options = suggestions.map((value) => h("option", { value }));
    input.setAttribute("list", id);
    element.append(h("datalist", { id }, options));
  }
  input.addEventListener("change", () => change({ [name]: input.value.trim() }));
  return {
    names: [name],
    element,
    update: (address) => {
      input.value = address[name] ?? "";
    },
    refuse: messageBelow(element, input),
  };
}

/**
 * Chips of a parameter's values, one of which is pressed; the first stands for all.
 * @param {string} name
 * @param {string} label
 * @param {(readonly [value: string, text: string])[]} options
 * @param {Change} change
 * @returns {FilterControl}
 */
export function chipFilter(name, label, options, change) {
  const { element, press } = chips(label, [["", say("filter.any")], ...options], (value) => change({ [name]: value }));
  return {
    names: [name],
    element,
    update: (address) => press(address[name] ?? ""),
    refuse: messageBelow(element),
  };
}

/**
 * Buttons of which one is pressed.
 * @param {string} label
 * @param {(readonly [value: string, text: string])[]} options
 * @param {(value: string) => void} choose
 */
export function chips(label, options, choose) {
  const id = newId("chips");
  const buttons = options.map(([value, text]) =>
    h("button", { type: "button", class: "chip", value, click: () => choose(value) }, text),
  );
  const row = h("div", { class: "chips", role: "group", "aria-labelledby": id }, buttons);
  const element = h("div", { class: "field" }, h("span", { id }, label), row);
  /** @param {string} value */
  const press = (value) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === value));
  };
  return { element, press };
}

/**
 * A function that shows a message below a control, or none.
 * @param {HTMLElement} element
 * @param {HTMLElement} [input]
 */
export function messageBelow(element, input) {
  const message = h("p", { id: newId("message"), class: "bad", role: "alert", hidden: true });
  element.append(message);
  /** @param {string} text */
  return (text) => {
    fill(message, text);
    message.hidden = text === "";
    for (const [name, value] of Object.entries({ "aria-invalid": "true", "aria-describedby": message.id }))
      if (text) input?.setAttribute(name, value);
      else input?.removeAttribute(name);
  };
}
