// @ts-check
// Creates elements. A text stays a text whatever it contains: neither this module nor its callers parse markup.

/** @import { Attributes, Content } from "./types.js" */

/**
 * Create an element. An attribute that is null, undefined or false is left out; a function listens to the event of its
 * name.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...Content} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, /** @type {EventListener} */ (value));
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, value === true ? "" : String(value));
  }
  return fill(element, ...children);
}

/**
 * Create an element of a drawing.
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} attributes
 * @param {SVGElement[]} children
 * @returns {SVGElementTagNameMap[Name]}
 */
export function svg(name, attributes, children = []) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * Replace the children of an element.
 * @template {Element} T
 * @param {T} element
 * @param {...Content} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...nodesOf(children));
  return element;
}

/**
 * @param {Content} content
 * @returns {(Node | string)[]}
 */
function nodesOf(content) {
  if (content === null || content === undefined || content === false) return [];
  if (content instanceof Node) return [content];
  return typeof content === "object" ? content.flatMap(nodesOf) : [String(content)];
}

/**
 * A text for screen readers only.
 * @param {string} text
 */
export const visuallyHidden = (text) => h("span", { class: "visually-hidden" }, text);

let ids = 0;

/**
 * An id that no other element has.
 * @param {string} stem
 */
export const newId = (stem) => `${stem}-${++ids}`;
