// Fields of forms, each with its label.

import { h, newId } from "../dom.js";

/** A labelled input. */
export function field(label, attributes) {
  const id = newId("field");
  const input = h("input", { id, ...attributes });
  return { element: h("div", { class: "field" }, h("label", { for: id }, label), input), input };
}

/** A labelled choice among `options`, pairs of a value and its words. */
export function choice(label, options, { value, ...attributes } = {}) {
  const id = newId("field");
  const made = options.map(([one, words]) => h("option", { value: one, selected: one === value }, words));
  const input = h("select", { id, ...attributes }, made);
  return { element: h("div", { class: "field" }, h("label", { for: id }, label), input), input };
}
