// @ts-check
// Replaces content that is read again and again, only where it differs: what is unchanged keeps the focus and the selection.

/** @import { Content } from "../types.js" */

import { fill } from "../dom.js";

/**
 * Replace the children of an element, unless they are the same.
 * @param {Element} element
 * @param {Content} content
 */
export function refill(element, content) {
  const next = /** @type {Element} */ (element.cloneNode(false));
  fill(next, content);
  if (!next.isEqualNode(element)) element.replaceChildren(...next.childNodes);
}
