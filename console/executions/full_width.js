// @ts-check
// The choice of the page's full width, which is kept in this tab.

import { h } from "../dom.js";
import { storedName } from "../root.js";
import { say } from "../words.js";

const NAME = storedName("full-width");

/**
 * A button that widens the page that has the element, or makes it narrow again.
 * @param {HTMLElement} element
 */
export function fullWidthButton(element) {
  const show = () => {
    const isWide = sessionStorage.getItem(NAME) !== null;
    element.classList.toggle("full-width", isWide);
    button.setAttribute("aria-pressed", String(isWide));
  };
  const toggle = () => {
    if (sessionStorage.getItem(NAME) === null) sessionStorage.setItem(NAME, "1");
    else sessionStorage.removeItem(NAME);
    show();
  };
  const button = h(
    "button",
    { type: "button", class: "small wide-toggle", click: toggle },
    say("execution.full-width"),
  );
  show();
  return button;
}
