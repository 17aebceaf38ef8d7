// Work that a view does after it is shown, and what it shows if that fails.

import { fill, h } from "../dom.js";
import { refusal } from "./refusal.js";

/**
 * A place for a failure, and `attempt(work)`, which does work and shows there why it failed; if it was for want of a key,
 * it is done again once there is one.
 */
export function attempts() {
  const place = h("div", {});
  const attempt = async (work) => {
    try {
      fill(place);
      await work();
    } catch (error) {
      if (error.name !== "AbortError")
        fill(
          place,
          refusal(error, () => attempt(work)),
        );
    }
  };
  return { place, attempt };
}
