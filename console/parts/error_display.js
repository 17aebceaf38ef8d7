// @ts-check
// Work of a view that can fail after the view is shown, and the display of its error.

/** @import { Attempt } from "../types.js" */

import { isAbort } from "../api.js";
import { fill, h } from "../dom.js";
import { refusal } from "./refusal.js";

/**
 * An element for an error, and `attempt(work)`, which runs work and displays its error there. If the error asks for an
 * API key, the work runs again once there is one.
 * @returns {{ errorArea: HTMLElement, attempt: Attempt }}
 */
export function withErrorDisplay() {
  const errorArea = h("div");
  /** @type {Attempt} */
  const attempt = async (work) => {
    try {
      fill(errorArea);
      await work();
    } catch (error) {
      if (isAbort(error)) return;
      const retry = () => attempt(work);
      fill(errorArea, refusal(error, retry));
    }
  };
  return { errorArea, attempt };
}
