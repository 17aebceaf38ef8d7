// @ts-check
// Work of a view that can fail after the view is shown, and the display of its error.

/** @import { Attempt } from "../types.js" */

import { isAbort } from "../api.js";
import { fill, h } from "../dom.js";
import { refusal } from "./refusal.js";

/**
 * An element for an error, and `attempt(work)`, which runs work and displays its error there. If the error asks for an
 * API key, the work runs again once there is one. `displayed()` is the error, and `display` shows one of earlier work.
 */
export function withErrorDisplay() {
  const errorArea = h("div", { tabindex: "-1" });
  /** @type {unknown} */
  let error;
  /** @type {Attempt} */
  const attempt = async (work) => {
    const focused = document.activeElement?.closest("main *");
    try {
      error = undefined;
      fill(errorArea);
      await work();
    } catch (refused) {
      if (isAbort(refused)) return;
      display(refused, work);
    }
    if (focused instanceof HTMLElement) keepFocus(focused, errorArea);
  };
  /**
   * @param {unknown} refused
   * @param {() => unknown} work
   */
  const display = (refused, work) => {
    error = refused;
    fill(
      errorArea,
      refusal(refused, () => attempt(work)),
    );
  };
  return { errorArea, attempt, display, displayed: () => error };
}

/**
 * Return the focus to an element that has lost it, or move it to another one if that element is gone.
 * @param {HTMLElement} element
 * @param {HTMLElement} other
 */
function keepFocus(element, other) {
  if (document.activeElement === document.body) (element.isConnected ? element : other).focus({ preventScroll: true });
}
